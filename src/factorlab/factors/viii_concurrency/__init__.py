"""VIII. Concurrency: scaled out by process types."""
