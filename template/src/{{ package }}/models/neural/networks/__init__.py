"""The networks, and the backend of each framework."""
