"""Exercises: their tasks, the learner's answers, and the judging of them."""

from factorlab.exercises.exercise import Exercise

__all__ = ["Exercise"]
