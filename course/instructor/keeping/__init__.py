"""Keeping a class's data: a copy that can be read back, and the erasure of a person who asks for it."""
