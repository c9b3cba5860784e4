"""Compares the imports of a rendered project with its files and declared dependencies."""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from closures import found, imported
from rendering import run

# Prints, for each distribution of an environment, the modules that it installs.
INSTALLED = """
import json
from importlib.metadata import distributions
print(json.dumps({
    each.metadata["Name"]: [
        str(file) for file in each.files or () if file.suffix in (".py", ".so", ".pyi")
    ]
    for each in distributions()
}))
"""
# Modules of a distribution that projects declare under another name.
BROUGHT = {"pydantic_core": "pydantic"}


def installed(python: Path) -> dict[str, set[str]]:
    """Return the distributions that provide each module of an environment, by module name."""
    brought: dict[str, set[str]] = {}
    for name, files in json.loads(run(python, "-c", INSTALLED, cwd=Path.cwd())).items():
        for file in files:
            parts = re.sub(r"(/__init__)?\.[^/]*$", "", file).split("/")
            for depth in range(1, len(parts) + 1):
                brought.setdefault(".".join(parts[:depth]), set()).add(normal(name))
    return brought


def normal(name: str) -> str:
    """Return the normalized name of a distribution."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(project: Path, *, tests: bool) -> set[str]:
    """Return the declared distributions of a project, of its package or of its tests too."""
    content = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    stated = [*content["project"]["dependencies"]]
    stated += content["dependency-groups"]["dev"] if tests else []
    return {normal(re.split(r"[<>=!~\[; ]", each)[0]) for each in stated}


def unresolved(project: Path, brought: Mapping[str, set[str]]) -> list[str]:
    """Return the imports of a project that cannot be resolved or are not declared."""
    modules = found(project)
    tops = {name.partition(".")[0] for name in modules}
    allowed = {tests: declared(project, tests=tests) for tests in (False, True)}
    wrong = []
    for module, path in modules.items():
        tests = (project / "tests") in path.parents
        for line, base, name in imported(module, path):
            full, top = f"{base}.{name}" if name else base, base.partition(".")[0]
            if top in tops:
                if not leads(base, name, modules):
                    wrong.append(f"{path.relative_to(project)}:{line}: there is no {full}")
            elif top not in sys.stdlib_module_names:
                by = brought.get(full) or brought.get(base) or brought.get(top) or set()
                if not ({*by, BROUGHT.get(top)} & allowed[tests]):
                    wrong.append(f"{path.relative_to(project)}:{line}: {full} is not declared")
    return wrong


def unused(project: Path, brought: Mapping[str, set[str]]) -> set[str]:
    """Return the declared distributions of a package that it never imports."""
    used: set[str | None] = set()
    for module, path in found(project).items():
        if (project / "src") in path.parents:
            for _, base, name in imported(module, path):
                used |= brought.get(f"{base}.{name}") or brought.get(base) or set()
    return declared(project, tests=False) - used


def leads(base: str, name: str, modules: Mapping[str, Path]) -> bool:
    """Return whether a module of a project exists, and defines an imported name."""
    if not name or f"{base}.{name}" in modules:
        return base in modules or bool(name)
    return base in modules and name in bound(modules[base].read_bytes())


@cache
def bound(content: bytes) -> frozenset[str]:
    """Return the names that a module binds at its top level."""
    names: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(content)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        if isinstance(node, ast.alias):
            names.add(node.asname or node.name.partition(".")[0])
        waiting += ast.iter_child_nodes(node)
    return frozenset(names)
