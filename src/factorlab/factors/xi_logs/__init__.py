"""XI. Logs: a stream of events on standard output."""
