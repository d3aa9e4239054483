"""The drawing: what stands where, what is joined to what."""
