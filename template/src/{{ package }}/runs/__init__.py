"""Runs: the results of each execution of a job."""
