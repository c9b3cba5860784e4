"""Sources of the template: this checkout, the wheel's bundle, a folder or a repository."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from overture.errors import GitError, MissingTemplateError, SourceError, UnknownVersionError
from overture.git import config, git, is_root, newest_tag, settings_as_variables, succeeds
from overture.template.addresses import check_address, git_address, is_url, place, recorded_url

CANONICAL = "https://github.com/overture-ml/overture"
CHECKOUT = Path(__file__).resolve().parents[3]
BUNDLE = Path(__file__).parents[1] / "template.bundle"


@dataclass(frozen=True)
class Source:
    """A template in one version, ready to be read.

    Attributes:
        url: The address that Copier reads, and records in the project.
        ref: The version: a tag, a commit or `HEAD`; none for a folder without history.
        root: A folder that contains this version.
        env: Environment variables under which git and Copier read the same snapshot.
        dirty: Whether it has uncommitted changes.
    """

    url: str
    ref: str | None
    root: Path
    env: Mapping[str, str] = field(default_factory=dict)
    dirty: bool = False

    @cached_property
    def label(self) -> str:
        """The version as Copier records it: a tag, or a commit by its distance from one."""
        return git("describe", "--tags", "--always", cwd=self.root)

    @cached_property
    def commit(self) -> str | None:
        """The commit; none without history, or if there are uncommitted changes."""
        return None if self.ref is None or self.dirty else git("rev-parse", "HEAD", cwd=self.root)


@contextmanager
def opened(template: str | None = None, ref: str | None = None) -> Iterator[Source]:
    """Open the template, for as long as the context lasts.

    Args:
        template: A path or a git URL; by default the template that this package comes with.
        ref: The version; by default the newest, but `HEAD` for this package's own checkout.

    Raises:
        SourceError: If there is no template, or no such version of it.
    """
    check_address(template or "")
    with TemporaryDirectory(prefix="overture-") as name:
        folder = Path(name)
        if template is None and (CHECKOUT / "copier.yml").is_file():
            source = _own_checkout(ref or "HEAD", folder)
        elif template is None:
            source = _bundled(ref, folder)
        elif (path := Path(template).expanduser()).exists():
            source = _local(path.resolve(), ref, folder)
        else:
            source = _remote(template, ref, folder)
        if not (source.root / "copier.yml").is_file():
            message = f"{source.url} holds no template: it has no copier.yml"
            raise MissingTemplateError(message, "Name the root of an Overture template.")
        yield source


@contextmanager
def reopened(template: str, ref: str | None) -> Iterator[Source]:
    """Open the template that a project records, for as long as the context lasts.

    The public template, and the one that this checkout was cloned from, are read from the history
    that this package includes, if that has the version, so that no network is needed.

    Args:
        template: What the project records.
        ref: The version; by default the newest.

    Raises:
        SourceError: If there is no template, or no such version of it.
    """
    own = BUNDLE if BUNDLE.is_file() else CHECKOUT
    places = {place(address) for address in (CANONICAL, _origin()) if address}
    if place(template) in places and (own is BUNDLE or is_root(own)):
        with TemporaryDirectory(prefix="overture-") as name:
            folder = Path(name)
            snapshot = _snapshot(str(own), "the template that Overture includes", folder)
            if ref is None or succeeds("rev-parse", "--verify", f"{ref}^{{commit}}", cwd=snapshot):
                yield _read_as(template, git_address(template), snapshot, ref, folder)
                return
    with opened(template, ref) as source:
        yield source


def _own_checkout(ref: str, folder: Path) -> Source:
    """Return this package's checkout as a source, recorded by the URL that it was cloned from.

    With uncommitted changes, or if it was not cloned from a URL, it is recorded by its path.
    """
    origin = _origin()
    if not origin or (ref == "HEAD" and git("status", "--porcelain", cwd=CHECKOUT)):
        return _local(CHECKOUT, ref, folder)
    version = git("rev-parse", "HEAD", cwd=CHECKOUT) if ref == "HEAD" else ref
    snapshot = _snapshot(str(CHECKOUT), str(CHECKOUT), folder)
    return _read_as(recorded_url(origin), git_address(origin), snapshot, version, folder)


def _origin() -> str:
    """Return the URL that this checkout was cloned from, without credentials; empty if none."""
    if not is_root(CHECKOUT):
        return ""
    url = config("remote.origin.url", CHECKOUT)
    return re.sub(r"^(https?://)[^/@]*@", r"\1", url) if is_url(url) else ""


def _local(path: Path, ref: str | None, folder: Path) -> Source:
    if path.is_dir() and not is_root(path):
        if ref not in {None, "HEAD"}:
            message = f"{path} is no git repository, so it has no version {ref}"
            raise UnknownVersionError(message, "Leave --ref out.")
        return Source(str(path), None, path)
    if path.is_dir():
        version = ref or newest_tag(path) or "HEAD"
        if version == "HEAD":
            return Source(
                str(path), version, path, dirty=bool(git("status", "--porcelain", cwd=path))
            )
    snapshot = _snapshot(str(path), str(path), folder)
    version = ref or newest_tag(snapshot) or "HEAD"
    return Source(str(path), version, _checked_out(snapshot, version, str(path), folder))


def _remote(template: str, ref: str | None, folder: Path) -> Source:
    if not is_url(template):
        message = f"There is no template at {template}"
        raise MissingTemplateError(message, "Name an existing folder, or a git URL.")
    address = git_address(template)
    snapshot = _snapshot(address, template, folder)
    return _read_as(recorded_url(template), address, snapshot, ref, folder)


def _bundled(ref: str | None, folder: Path) -> Source:
    if not BUNDLE.is_file():
        message = "This installation of Overture includes no template"
        remedy = f"Install the wheel, or name one: --template {CANONICAL}"
        raise MissingTemplateError(message, remedy)
    snapshot = _snapshot(str(BUNDLE), "the template that Overture includes", folder)
    try:
        return _read_as(CANONICAL, git_address(CANONICAL), snapshot, ref, folder)
    except SourceError as error:
        remedy = f"Upgrade overture, or read it from its repository: --template {CANONICAL}"
        raise type(error)(error.message, remedy) from error


def _read_as(url: str, address: str, snapshot: Path, ref: str | None, folder: Path) -> Source:
    """Return a source that Copier reads from a snapshot, and records by its URL."""
    version = ref or newest_tag(snapshot) or "HEAD"
    tree = _checked_out(snapshot, version, url, folder)
    env = {
        **settings_as_variables({f"url.{snapshot}.insteadOf": address}, os.environ),
        # A mirror of the snapshot must never be taken for one of the repository.
        "COPIER_CACHE_DIR": str(folder / "mirrors"),
    }
    return Source(url, version, tree, env)


def _snapshot(address: str, name: str, folder: Path) -> Path:
    """Clone all refs of a repository."""
    snapshot = folder / "snapshot"  # not a bare repository, which git may be configured to reject
    try:
        git("clone", "--quiet", "--mirror", "--template=", "--", address, snapshot / ".git")
    except GitError as error:
        message = f"The template cannot be read from {name}: {error.message}"
        remedy = "Check the address and the network. Without --template, Overture needs neither."
        raise SourceError(message, remedy) from error
    return snapshot


def _checked_out(snapshot: Path, version: str, name: str, folder: Path) -> Path:
    """Check a version out, and return its folder."""
    tree = folder / "tree"
    try:
        commit = git(
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            f"{version}^{{commit}}",
            cwd=snapshot,
        )
        git("worktree", "add", "--quiet", "--detach", tree, commit, cwd=snapshot)
    except GitError as error:
        newest = newest_tag(snapshot)
        message = f"{name} has no version {version}"
        remedy = f"Its newest is {newest}." if newest else "It has no tags: leave --ref out."
        raise UnknownVersionError(message, remedy) from error
    return tree
