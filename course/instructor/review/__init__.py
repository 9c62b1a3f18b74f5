"""Reviewing one canvas across the whole class: which copies, in which order, what is seen of each, what is given."""
