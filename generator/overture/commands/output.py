"""JSON output: the results and the errors of all commands.

The shapes are imported on use: they import most of the library, which other output does not need.
"""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from overture.errors import OvertureError

if TYPE_CHECKING:
    from overture.commands.shapes import ProposalData
    from overture.template.selection import Proposal


def print_json(value: object) -> None:
    """Print a shape, a sequence of shapes, or plain data as JSON."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def print_error(code: str, message: str, remedy: str = "") -> None:
    """Print an error as JSON."""
    from overture.commands.shapes import ErrorData, ErrorDetails

    print_json(ErrorData(ErrorDetails(code, message, remedy)))


def print_overture_error(error: OvertureError) -> None:
    """Print an error of Overture as JSON, with its code, remedy, refusals and proposal."""
    from overture.commands.shapes import ErrorData, ErrorDetails
    from overture.template.selection import Refused

    details = ErrorDetails(error.code, error.message, error.remedy)
    if isinstance(error, Refused):
        proposal = proposal_data(error.proposal, error.command)
        details = ErrorDetails(error.code, error.message, error.remedy, error.refusals, proposal)
    print_json(ErrorData(details))


def proposal_data(proposal: "Proposal | None", command: str) -> "ProposalData | None":
    """Return a proposal as data."""
    from overture.commands.shapes import ProposalData

    if proposal is None:
        return None
    return ProposalData(tuple(map(str, proposal.adjustments)), command)


def _plain(value: object) -> object:
    from pydantic import BaseModel

    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return asdict(value)  # type: ignore[call-overload]  # the shapes are dataclasses
