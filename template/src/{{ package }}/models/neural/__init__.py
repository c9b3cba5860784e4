"""What feed-forward networks have in common, whichever framework computes them."""
