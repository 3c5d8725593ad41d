"""One container: its plan, its life, what is inside."""
