"""II. Dependencies: declared completely and exactly, and isolated."""
