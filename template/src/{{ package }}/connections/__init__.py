"""Connections to services that several components share."""
