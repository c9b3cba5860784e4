"""JSON output: the results and the errors of all commands."""

import json
from dataclasses import asdict

from pydantic import BaseModel

from overture.commands.shapes import ErrorData, ErrorDetails, ProposalData
from overture.errors import OvertureError
from overture.template.selection import Proposal, Refused


def print_json(value: object) -> None:
    """Print a shape, a sequence of shapes, or plain data as JSON."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def print_error(code: str, message: str, remedy: str = "") -> None:
    """Print an error as JSON."""
    print_json(ErrorData(ErrorDetails(code, message, remedy)))


def print_overture_error(error: OvertureError) -> None:
    """Print an error of Overture as JSON, with its code, remedy, refusals and proposal."""
    details = ErrorDetails(error.code, error.message, error.remedy)
    if isinstance(error, Refused):
        proposal = proposal_data(error.proposal, error.command)
        details = ErrorDetails(error.code, error.message, error.remedy, error.refusals, proposal)
    print_json(ErrorData(details))


def proposal_data(proposal: Proposal | None, command: str) -> ProposalData | None:
    """Return a proposal as data."""
    if proposal is None:
        return None
    return ProposalData(tuple(map(str, proposal.adjustments)), command)


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return asdict(value)  # type: ignore[call-overload]  # the shapes are dataclasses
