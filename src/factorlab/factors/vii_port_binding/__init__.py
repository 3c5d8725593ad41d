"""VII. Port binding: an app is a server, on the port that it is told."""
