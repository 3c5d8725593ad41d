"""Labels, and the removal of what they mark."""
