"""Data sheets of what one can buy, each number with its source."""
