"""The subcommands: a module for each, with a `main` that takes its arguments."""
