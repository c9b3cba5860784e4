"""The nearest valid selection, as text for people."""

from collections.abc import Mapping

from overture.project.plan import overture_command
from overture.template.catalogue import Catalogue
from overture.template.interview import Interview
from overture.template.selection import Proposal, nearest_valid


def proposal_text(interview: Interview, catalogue: Catalogue, answers: Mapping[str, object]) -> str:
    """Return how to come to the nearest valid selection, if there is one and it differs."""
    proposal = nearest_valid(interview, catalogue, answers)
    return advice(proposal, answers) if proposal and proposal.changes else ""


def advice(proposal: Proposal, answers: Mapping[str, object]) -> str:
    """Return how to come to a proposal."""
    changes = ", ".join(map(str, proposal.changes))
    return f"The nearest valid selection: {changes}.\n  {command(proposal, answers)}"


def command(proposal: Proposal, answers: Mapping[str, object]) -> str:
    """Return the command for a proposal: the families that were given or are changed."""
    changed = {
        family: value
        for family, value in proposal.answers.items()
        if family in answers or family in proposal.families
    }
    others = {
        key: value
        for key, value in answers.items()
        if key not in proposal.answers and isinstance(value, str)
    }
    return overture_command({**others, **changed})
