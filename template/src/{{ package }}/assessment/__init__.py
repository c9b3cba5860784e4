"""Assessment: the quality of a fitted model."""
