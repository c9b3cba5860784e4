"""The own parameters of libraries, by their own names, typed."""
