"""Pictures to words, behind a port of two methods."""
