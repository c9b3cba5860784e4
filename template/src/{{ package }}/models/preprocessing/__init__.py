"""Preprocessing of features."""
