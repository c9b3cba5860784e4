"""The subcommands, each a module whose `main` takes its arguments, and their exit codes."""

COMMANDS = {
    "new": "start a project, by questions or by options",
    "list": "list all components",
    "show": "show a component and its files",
    "explain": "explain why a selection is invalid, and suggest the closest valid one",
    "schema": "print the JSON Schema of an answers file",
    "preset": "list the presets, or show one",
    "add": "add components to a project",
    "remove": "remove components from a project",
    "set": "change other answers of a project",
    "update": "update a project to a newer version of the template",
    "check": "check whether a project is sound and current",
    "diff": "show your changes, and what an update would change",
    "restore": "restore deleted files of the template",
}

# Exit codes.
DEFECT = 1  # an error of Overture itself
REFUSED = 2  # invalid input, or a refusal
FOUND = 3  # an error, a refusal or a difference was found
CONFLICTS = 4  # a change left conflicts to resolve
INTERRUPTED = 130
EXIT_CODES = {
    0: "success",
    DEFECT: "a defect of Overture",
    REFUSED: "invalid or rejected input",
    FOUND: "`check` found an error, `explain` a refusal, or `diff --exit-code` a difference",
    CONFLICTS: "a change left conflicts to resolve",
    INTERRUPTED: "interrupted",
}
