"""Authoring: what a teacher who edits the course's notebooks needs, in a clone."""
