"""Addresses of templates: how Copier and git read them."""

import re

from overture.errors import SecretAddressError

HOSTS = {"gh:": "https://github.com/", "gl:": "https://gitlab.com/"}
# How a URL begins that Copier takes for a repository by itself; git+ says it of any other.
REPOSITORIES = (*HOSTS, *HOSTS.values(), "git@", "git://", "git+")
TOKEN = 20  # characters of a user name that is taken for a token


def check_address(template: str) -> None:
    """Refuse an address with a password or a token, which projects would record.

    Raises:
        SecretAddressError: If it holds one.
    """
    user = re.match(r"[a-z+]+://([^/@]*)@", template)
    if user and (":" in user[1] or len(user[1]) >= TOKEN):
        message = "The template's address holds a password or a token, which would be recorded."
        remedy = "Remove it, and have git ask a credential helper: git help credentials"
        raise SecretAddressError(message, remedy)


def recorded_url(template: str) -> str:
    """Return an address as Copier recognizes that it is one of a repository."""
    known = template.endswith(".git") or template.startswith(REPOSITORIES)
    return template if known else f"git+{template}"


def git_address(template: str) -> str:
    """Return the address that Copier would pass to git."""
    for short, long in HOSTS.items():
        if template.startswith(short):
            template = long + template.removeprefix(short).lstrip("/")
    if template.startswith("git+"):
        return template.removeprefix("git+")
    hosted = template.startswith(tuple(HOSTS.values()))
    return f"{template}.git" if hosted and not template.endswith(".git") else template


def is_url(template: str) -> bool:
    """Tell whether an address is a URL or of git's short form, host:path, rather than a path."""
    return template.startswith(REPOSITORIES) or re.match(r"[^/]+:", template) is not None


def place(template: str) -> str:
    """Return the host and the path of an address, independent of its spelling."""
    bare = re.sub(r"^(?:[a-z]+://)?(?:[^/@]+@)?", "", git_address(template))
    return bare.replace(":", "/", 1).removesuffix(".git").casefold()
