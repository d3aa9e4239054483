"""The desktop window: everything that mentions Qt lives here and only here."""
