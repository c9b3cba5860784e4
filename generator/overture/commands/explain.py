"""`overture explain`: explain why a selection is invalid, and suggest the closest valid one."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from overture.commands import FOUND
from overture.commands.arguments import (
    Options,
    add_answers,
    given,
    split_pairs,
    template_parser,
)
from overture.commands.output import print_json, proposal_data
from overture.commands.shapes import RelationsData, SelectionData
from overture.commands.text import columns
from overture.errors import AnswersError, UsageError
from overture.project.command_lines import overture_new_of
from overture.template.catalogue import Catalogue
from overture.template.interview import Interview
from overture.template.relations import relations
from overture.template.selection import nearest_valid
from overture.template.template import Template


class ExplainOptions(Options):
    """The options of `explain`."""

    ids: list[str]


def main(arguments: Sequence[str]) -> int:
    """Explain one component, or a selection."""
    made = template_parser("explain")
    made.add_argument(
        "ids",
        nargs="*",
        metavar="ID | KEY=VALUE",
        help="a component to explain; or a selection: several components, and answers",
    )
    add_answers(made)
    options = made.parse(arguments, ExplainOptions())
    pairs, options.ids = split_pairs(options.ids)
    options.data += pairs
    with Template.open(options.template, options.ref) as template:
        answers = {**given(options, template)}
        if len(options.ids) == 1 and not answers:
            _explain_component(options.ids[0], template.catalogue, as_json=options.json)
            return 0
        if not options.ids and not answers:
            message = "There is nothing to explain."
            raise UsageError(message, "Name components, or give --data, --answers or --preset.")
        answers |= selected(options.ids, template.interview, template.catalogue)
        is_valid = _explain_selection(answers, template, as_json=options.json)
    return 0 if is_valid else FOUND


def selected(
    ids: Sequence[str], interview: Interview, catalogue: Catalogue
) -> dict[str, str | list[str]]:
    """Return the answers that choose components, by family.

    Raises:
        UnknownComponentError: If there is no such component.
        AnswersError: If several are chosen of a family that allows one.
    """
    answers: dict[str, str | list[str]] = {}
    for family in interview.families:
        members = [id_ for id_ in ids if catalogue[id_].family == family]
        if interview.question(family).multiple:
            answers |= {family: members} if members else {}
        elif len(members) > 1:
            message = f"{family} allows one choice, not {', '.join(members)}."
            raise AnswersError(message, "Leave the others out.")
        elif members:
            answers[family] = members[0]
    return answers


def _explain_component(id_: str, catalogue: Catalogue, *, as_json: bool) -> None:
    entry = catalogue[id_]
    found = asdict(relations(catalogue, entry))
    if as_json:
        print_json(RelationsData(**found, id=id_))
        return
    shown = {name: lines for name, lines in found.items() if lines or name != "withheld"}
    print(f"{entry.title}: {entry.summary}\n")
    print(columns((name, "\n".join(lines) or "nothing") for name, lines in shown.items()))


def _explain_selection(answers: Mapping[str, object], template: Template, *, as_json: bool) -> bool:
    """Print whether a selection is valid, and why not; return whether it is."""
    refusals = template.interview.resolve(answers).refusals
    proposal = nearest_valid(template.interview, template.catalogue, answers)
    command = overture_new_of(proposal, answers) if proposal else ""
    if as_json:
        print_json(SelectionData(not refusals, refusals, proposal_data(proposal, command)))
        return not refusals
    if not refusals:
        print(f"This selection is valid:\n  {command}")
        return True
    for refusal in refusals:
        print(f"{refusal.key}: {refusal.message}")
    if proposal is None:
        print("No valid selection is within a few changes.")
    elif proposal.adjustments:
        print(f"The closest valid selection: {proposal}.\n  {command}")
    return False
