"""Output formats: how audit and grading know theirs by name, and what several of them share."""
