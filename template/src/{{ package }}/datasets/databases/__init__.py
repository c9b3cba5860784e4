"""Access to databases: connections, tables and column types."""
