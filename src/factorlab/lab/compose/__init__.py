"""Compose files, run with the limits of a lab."""
