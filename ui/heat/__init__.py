"""Heat on the plan: the air solved in a process of its own, drawn under the racks, explained in the inspector."""
