"""III, secrets: a mounted credential is replaced while the app runs."""
