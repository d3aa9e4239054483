"""Diagrams drawn from the layout by themselves: the one-line of its power, the loops of its cooling."""
