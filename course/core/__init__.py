"""The core: the syllabus, the answers, their storage and their completeness. Standard library only."""
