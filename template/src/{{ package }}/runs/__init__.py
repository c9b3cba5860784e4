"""Runs: what each execution of a job leaves."""
