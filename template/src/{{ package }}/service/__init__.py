"""An HTTP service for a saved model."""
