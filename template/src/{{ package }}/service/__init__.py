"""A saved model as a service over HTTP."""
