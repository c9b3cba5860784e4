"""Reading of files with fitted estimators, which may come from anybody."""
