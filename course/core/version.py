"""The course's version: in the command line, in what is handed in, in archives."""

VERSION = "0.1.0"
