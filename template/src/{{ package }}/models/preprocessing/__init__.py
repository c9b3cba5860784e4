"""How features become what a framework learns from."""
