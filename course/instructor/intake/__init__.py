"""Taking in: what trainees really send is read without trust, matched to them, and put where grading finds it."""
