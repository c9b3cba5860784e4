"""`overture explain`: why a selection is refused, and the nearest that is not."""

from collections.abc import Mapping, Sequence

from overture.commands.arguments import Options, add_answers, given, parser, print_json
from overture.commands.proposals import advice, command
from overture.commands.summary import columns
from overture.errors import AnswersError
from overture.template.catalogue import Catalogue
from overture.template.interview import Interview
from overture.template.relations import relations
from overture.template.selection import nearest_valid
from overture.template.source import opened


class ExplainOptions(Options):
    """The options of `explain`."""

    ids: list[str]


def main(arguments: Sequence[str]) -> int:
    """Explain one component, or a selection."""
    options_parser = parser("explain")
    options_parser.add_argument(
        "ids", nargs="*", metavar="ID", help="a component to explain, or several as a selection"
    )
    add_answers(options_parser)
    options = options_parser.parse_args(arguments, ExplainOptions())
    with opened(options.template, options.ref) as source:
        interview = Interview.load(source.root)
        catalogue = Catalogue.load(source.root, interview.families)
        answers = {**given(options, source, interview)}
        if len(options.ids) == 1 and not answers:
            _explain_component(options.ids[0], catalogue, as_json=options.json)
            return 0
        if not options.ids and not answers:
            message = "There is nothing to explain."
            raise AnswersError(message, "Name components, or give --data, --answers or --preset.")
        answers |= selected(options.ids, interview, catalogue)
        _explain_selection(answers, interview, catalogue, as_json=options.json)
    return 0


def selected(
    ids: Sequence[str], interview: Interview, catalogue: Catalogue
) -> dict[str, str | list[str]]:
    """Return the answers that choose components, family by family.

    Raises:
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
    found = relations(catalogue, catalogue[id_])
    if as_json:
        print_json({"id": id_, **found})
        return
    print(f"{catalogue[id_].title}: {catalogue[id_].summary}\n")
    print(columns((name, "\n".join(lines) or "nothing") for name, lines in found.items()))


def _explain_selection(
    answers: Mapping[str, object], interview: Interview, catalogue: Catalogue, *, as_json: bool
) -> None:
    outcome = interview.resolve(answers)
    proposal = nearest_valid(interview, catalogue, answers)
    if as_json:
        print_json(
            {
                "valid": not outcome.refusals,
                "refusals": [
                    {"key": item.key, "message": item.message} for item in outcome.refusals
                ],
                "changes": [str(change) for change in proposal.changes] if proposal else None,
                "command": command(proposal, answers) if proposal else None,
            }
        )
        return
    if not outcome.refusals and proposal:
        print(f"Nothing stands against this selection:\n  {command(proposal, answers)}")
        return
    for refusal in outcome.refusals:
        print(f"{refusal.key}: {refusal.message}")
    if proposal is None:
        print("No change of a few components mends it.")
    elif proposal.changes:
        print(advice(proposal, answers))
