"""A fictional class of 24 trainees in 6 groups, with which an instructor can try everything."""
