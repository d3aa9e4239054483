"""Controls: how far clocks go down to keep a limit of power or heat."""
