"""Sweeps: a table of variations run on many cores, a table of results."""
