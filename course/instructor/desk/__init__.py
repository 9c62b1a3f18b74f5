"""The instructor's buttons: each does what a command of `course` does, and shows what it says."""
