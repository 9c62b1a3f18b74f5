"""« Remettre » and « Reprendre une remise », at the foot of an exercise notebook."""
