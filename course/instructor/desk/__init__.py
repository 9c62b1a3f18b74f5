"""The instructor's buttons: each runs a command of `course` and shows its output."""
