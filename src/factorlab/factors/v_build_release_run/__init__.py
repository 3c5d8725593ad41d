"""V. Build, release, run: three stages that stay apart."""
