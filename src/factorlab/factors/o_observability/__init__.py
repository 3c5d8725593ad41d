"""O. Observability: traces and metrics."""
