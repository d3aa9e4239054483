"""Docks around the plan: devices, properties, findings."""
