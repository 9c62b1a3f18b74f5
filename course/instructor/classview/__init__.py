"""The class as a whole: who handed in what, all answers as one table, charts that print, and a view for the room."""
