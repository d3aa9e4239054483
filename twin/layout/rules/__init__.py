"""Rules that say a drawing is wrong or unwise, one file per field of engineering."""
