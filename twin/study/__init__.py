"""Questions asked of a layout as it is drawn: how available its racks are, and what each failure does."""
