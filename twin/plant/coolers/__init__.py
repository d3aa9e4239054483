"""Equipment that makes cold or carries heat outdoors, one file each."""
