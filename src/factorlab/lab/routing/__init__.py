"""What stands between a sender and apps: a router, a supervisor, a line that can be cut."""
