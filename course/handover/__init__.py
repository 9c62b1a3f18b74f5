"""Handing in and taking up again, as the command line and the notebooks do it: core, clock, exchange and words."""
