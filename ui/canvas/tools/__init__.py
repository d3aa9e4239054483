"""Tools of the plan: each turns presses, moves and keys into edits of the document."""
