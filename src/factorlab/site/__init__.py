"""The lessons as a static site, to read without running: stored outputs, no network, no script."""
