"""What the course costs in time and in place, beside what it is compared with. A command: `python -m benchmarks`."""
