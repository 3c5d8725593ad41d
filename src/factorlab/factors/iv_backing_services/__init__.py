"""IV. Backing services: attached by their URL, and one day not there."""
