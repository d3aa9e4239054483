"""The building compiled to arrays, with its present state: who feeds whom, what each draws, how warm it is."""
