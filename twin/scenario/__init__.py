"""What happens in a hall: workloads, weather, prices, faults."""
