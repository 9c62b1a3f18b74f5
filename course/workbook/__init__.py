"""The widgets of a trainee's pages: a folder for each, with its Python and its ES modules side by side."""
