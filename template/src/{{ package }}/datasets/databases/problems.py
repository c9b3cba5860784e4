"""What is wrong with a table or its database, to be told with its name."""


class Problem(Exception):  # noqa: N818  (it becomes an error once it has a name)
    """Something that is wrong."""


class Missing(Problem):
    """There is no such table."""
