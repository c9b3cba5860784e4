"""What feed-forward networks share, whichever framework computes them."""
