"""The review bench on the page: one canvas across the whole class, by mouse or by keyboard alone."""
