"""The core: what the course knows and how answers are kept and counted. Standard library only."""
