"""Intake: the files that trainees send are read without trust, matched to them, and put where grading finds them."""
