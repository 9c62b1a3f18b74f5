"""What an instructor does with a class: take in, grade, review, see, give back, keep."""
