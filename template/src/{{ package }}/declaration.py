"""Generation of the code that declares a data contract."""

import json
from textwrap import indent

from .schemas import SCHEMAS
from .schemas.base import Column, Schema
from .tasks import task_of

WIDTH = 100  # of a line of code


def code(schema: Schema, source: str) -> str:
    """Return the module that declares a contract.

    Args:
        schema: The contract.
        source: Where it was inferred from.
    """
    tasks = [task for task in SCHEMAS if task_of(task).target_kind == schema.target.kind]
    name = tasks[0].upper() if tasks else "SCHEMA"
    functions = sorted({column.kind for column in (*schema.columns(), *schema.identifiers)})
    parts = [f"features=({_listed(schema.features)}),", f"target={_call(schema.target)},"]
    if schema.identifiers:
        parts.append(f"identifiers=({_listed(schema.identifiers)}),")
    if schema.time:
        parts.append(f"time={_call(schema.time)},")
    body = indent("\n".join(parts), "    ")
    return (
        f'"""The data contract of {source}, inferred from its rows.\n\n'
        "Widen it for future data: ranges, categories, missing values.\n"
        f'"""\n\nfrom .base import Schema, {", ".join(functions)}\n\n'
        f"{name} = Schema(\n{body}\n)\n"
    )


def _listed(columns: tuple[Column, ...]) -> str:
    """Return columns, one per line."""
    lines = "".join(f"    {_call(column)},\n" for column in columns)
    return f"\n{lines}"


def _call(column: Column) -> str:
    """Return the call that declares a column, wrapped if it is too long."""
    words = [_text(column.name)]
    if not column.nullable:
        words.append("nullable=False")
    for key in ("minimum", "maximum"):
        value = getattr(column, key)
        if value is not None:
            words.append(f"{key}={value!r}".removesuffix(".0"))
    if column.categories:
        values = [_text(value) for value in column.categories]
        word = f"categories=[{', '.join(values)}]"
        if len(word) + len("        ,") > WIDTH:
            word = "categories=[\n" + "".join(f"            {value},\n" for value in values)
            word += "        ]"
        words.append(word)
    line = f"{column.kind}({', '.join(words)})"
    if len(line) + len("        ,") <= WIDTH:
        return line
    lines = "".join(f"        {word},\n" for word in words)
    return f"{column.kind}(\n{lines}    )"


def _text(value: str) -> str:
    """Return a string literal."""
    return json.dumps(value, ensure_ascii=False)
