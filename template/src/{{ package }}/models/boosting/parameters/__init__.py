"""The typed parameters of each library, by its own names."""
