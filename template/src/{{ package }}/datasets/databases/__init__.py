"""What stands between a dataset and a database: connections, tables, and the types of columns."""
