"""The instructor's tasks with a class: intake, grading, review, overview, feedback, archives."""
