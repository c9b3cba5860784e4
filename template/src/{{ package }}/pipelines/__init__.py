"""Pipelines: jobs one after the other."""
