"""Errors of databases, which the dataset reports with its location."""


class Problem(Exception):  # noqa: N818  (the dataset converts it into an error)
    """An error of a table or its database."""


class Missing(Problem):
    """The table does not exist."""
