"""The subcommands: a module for each, with a `main` that takes its arguments."""

COMMANDS = {
    "new": "start a project, by questions or by options",
    "list": "list the components that there are",
    "show": "show what a component is, and its files",
    "explain": "say why a selection is refused, and which is the nearest that is not",
    "schema": "print the JSON Schema of an answers file",
    "preset": "list the presets, or show one",
    "add": "add components to a project",
    "remove": "remove components from a project",
    "set": "change other answers of a project",
    "update": "bring a project to a newer version of the template",
    "check": "say whether a project is sound and current",
    "diff": "show what a project changed, and what an update would",
    "restore": "restore files of the template that were deleted",
}

# Exit codes.
FOUND = 1  # something is wrong in a project
CONFLICTS = 1
UNEXPECTED = 1
REFUSED = 2  # bad input, or a refusal
INTERRUPTED = 130
