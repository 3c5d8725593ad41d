"""VI. Processes: stateless, sharing nothing."""
