"""Templates: their questions, rules and catalogue, and rendering."""
