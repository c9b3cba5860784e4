"""Connections that several parts of the project share."""
