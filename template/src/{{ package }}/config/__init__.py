"""Configurations: from files and words to what they state."""
