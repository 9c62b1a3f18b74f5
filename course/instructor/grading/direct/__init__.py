"""`course grade`: what nbgrader's sealed `autograde` does, a class at a time instead of a cell at a time.

The same rows in nbgrader's own gradebook and the same folders of graded copies, without its converters: what is the
same for all is computed once, answers are read once, and the gradebook is asked and told in whole tables.
"""
