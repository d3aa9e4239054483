"""The plan to scale: what it draws, how it is looked at, and the tools that edit it."""
