"""What the libraries of gradient boosting share."""
