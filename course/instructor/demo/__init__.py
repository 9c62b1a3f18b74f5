"""A class that does not exist: 24 fictional trainees in 6 groups, so that an instructor can try everything."""
