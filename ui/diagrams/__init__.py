"""Drawings of the layout beside the plan: racks from front and rear, the power path, the cooling loops."""
