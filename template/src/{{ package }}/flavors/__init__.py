"""What saved models look like to other programs."""
