"""A class: its files, its trainees, its gradebook, its marks. Personal data, never committed."""
