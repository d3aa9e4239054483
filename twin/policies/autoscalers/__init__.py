"""Autoscalers: how many replicas of a workload are awake."""
