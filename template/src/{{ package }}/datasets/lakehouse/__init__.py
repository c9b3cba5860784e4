"""Access to lakehouse tables: data files, columns and file IO."""
