"""What can be chosen: a template's questions, catalogue and rules, and what it renders."""
