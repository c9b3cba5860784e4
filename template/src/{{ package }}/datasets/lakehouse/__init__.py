"""What stands between a dataset and a lakehouse: data files, and columns."""
