"""Backing services of a lab: one class in one file is one kind."""
