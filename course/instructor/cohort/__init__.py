"""One class: where its files are, who is in it, its gradebook, its marks. Personal data, never committed."""
