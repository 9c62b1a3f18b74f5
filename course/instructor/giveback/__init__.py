"""Giving back: pages for the trainees, marks for the platforms, from the gradebook and the graded answers only."""
