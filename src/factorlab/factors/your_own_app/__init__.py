"""OWN. The last exercise: an app that breaks every factor."""
