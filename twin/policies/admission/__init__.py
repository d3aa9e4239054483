"""Admission: which requests are let in."""
