"""The review bench: one canvas across the whole class, copy by copy, with its marks and comments."""
