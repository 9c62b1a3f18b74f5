"""The canvas: the Option / Stratégie / Action table of one objective, as a trainee fills it."""
