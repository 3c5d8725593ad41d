"""Building an image from files of a stranger or of a developer."""
