"""Kept for old imports."""

from pricing import total

__all__ = ["total"]
