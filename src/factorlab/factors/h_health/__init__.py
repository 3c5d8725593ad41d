"""H. Health checks: alive, ready, and leaving in order."""
