"""Air in a room as arrays on one uniform grid: the grid, the pressure solve on it, and what air carries along."""
