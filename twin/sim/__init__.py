"""What happens in time: arrivals, serving and everything else that waits for an event."""
