"""Other programs' files: what leaves for them, and what comes back."""
