"""What keeps the work: the journal of unsaved edits, the lock on an open file, and recovery after a crash."""
