"""The images of the course, and reading what any image holds."""
