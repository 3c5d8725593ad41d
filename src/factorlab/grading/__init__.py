"""Grading: submissions as data, judged by the check engine, never run."""
