"""Time and memory costs of the course, compared with reference implementations: `python -m benchmarks`."""
