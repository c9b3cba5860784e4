"""Reports: one self-contained HTML page for each run."""

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import yaml

if TYPE_CHECKING:
    from jinja2 import Template
    from matplotlib.figure import Figure


SHOWN = 100  # rows of a table


def render(
    record: Mapping[str, Any], tables: Mapping[str, pa.Table], figures: Mapping[str, bytes]
) -> str:
    """Return the page of a run.

    Args:
        record: What `run.json` holds.
        tables: Tables of results, by title; the first 100 rows of each are shown.
        figures: Plots, in SVG, by title.
    """
    return _page().render(
        record=record,
        tables={
            title: (table.column_names, table.slice(0, SHOWN).to_pylist(), table.num_rows)
            for title, table in tables.items()
        },
        configuration=yaml.safe_dump(record["config"], sort_keys=False, allow_unicode=True),
        figures={title: _address(image) for title, image in figures.items()},
    )


@cache
def _page() -> "Template":
    """Return the template of the page."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = files(__package__).joinpath("report.html").read_text(encoding="utf-8")
    return environment.from_string(source)


def draw(figure: "Figure") -> bytes:
    """Return a figure in SVG, with the same bytes each time."""
    import matplotlib as mpl

    drawn = BytesIO()
    with mpl.rc_context({"svg.hashsalt": "report"}):
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    return drawn.getvalue()


def _address(image: bytes) -> str:
    """Return a data URL of an image."""
    return f"data:image/svg+xml;base64,{b64encode(image).decode('ascii')}"
