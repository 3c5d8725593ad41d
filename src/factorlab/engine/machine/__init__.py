"""The machine: is an engine there, and how does one get there."""
