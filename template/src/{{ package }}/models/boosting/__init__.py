"""What gradient boosting has in common, whichever library does it."""
