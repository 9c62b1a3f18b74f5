"""The class as a whole: hand-ins, answers and marks as tables, printable charts, and a plenary view."""
