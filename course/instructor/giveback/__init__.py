"""Feedback pages for trainees and tables of marks, made only from the gradebook and the graded answers."""
