"""Keeping a class's data: a copy that can be read back, and a person forgotten when she asks for it."""
