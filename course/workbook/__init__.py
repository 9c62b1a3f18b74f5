"""What a trainee touches on a page, a folder a thing: its widget in Python and its ES modules side by side."""
