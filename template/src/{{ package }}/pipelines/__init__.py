"""Pipelines: jobs in sequence."""
