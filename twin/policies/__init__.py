"""Choices between legal options: each policy one frozen dataclass whose fields are its parameters."""
