"""XII. Admin processes: run once, from the same release."""
