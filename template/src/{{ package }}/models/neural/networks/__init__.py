"""The networks themselves, each in one framework."""
