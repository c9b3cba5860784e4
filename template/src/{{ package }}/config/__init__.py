"""Configurations: loading, merging and validation."""
