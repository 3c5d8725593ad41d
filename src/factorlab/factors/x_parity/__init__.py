"""X. Dev/prod parity: what is developed on is what production runs."""
