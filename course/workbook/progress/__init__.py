"""« Ma progression »: what was read, answered and filled, on the welcome page."""
