"""Traces of real work: read from files, or generated from a small table of one."""
