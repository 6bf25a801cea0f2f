"""manage.py draw_states: draw the states of onboarding/rules/ as docs/states/*.md."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from clients.models import State
from onboarding import rules
from onboarding.models import Onboarding, RequiredDocument
from onboarding.rules import endings

PAGES = Path(settings.BASE_DIR) / "docs" / "states"
PAGE = PAGES / "onboarding.md"
RELATIONSHIP = PAGES / "relationship.md"


class Command(BaseCommand):
    help = "Draw the states of an onboarding, of its documents, and of a relationship."

    def handle(self, **_: object) -> None:
        PAGES.mkdir(parents=True, exist_ok=True)
        for path, drawn in ((PAGE, page()), (RELATIONSHIP, page_of_a_relationship())):
            path.write_text(drawn)
            self.stdout.write(f"Drawn: {path.relative_to(settings.BASE_DIR)}")


def page_of_a_relationship() -> str:
    """From the first talk to the end, as it must stand in docs/."""
    labels: dict[str, object] = {
        **dict(State.choices),
        "periodic_review": "KYC review due",
        "offboarding": "Being ended",
    }
    return "\n".join(
        [
            "# States of a relationship",
            "",
            "Drawn by `manage.py draw_states` from `onboarding/rules/endings.py`: change the table there.",
            "",
            diagram(endings.RELATIONSHIP, "lead", labels),
            "",
            "Two of them are stored nowhere, and follow from what is:",
            "",
            "| state | when |",
            "|---|---|",
            *(f"| {name} | {when} |" for name, when in endings.DERIVED.items()),
            "",
        ]
    )


def page() -> str:
    """The whole page, as it must stand in docs/."""
    return "\n".join(
        [
            "# States of an onboarding",
            "",
            "Drawn by `manage.py draw_states` from `onboarding/rules/openings.py`: change the table there.",
            "",
            diagram(rules.VALID_TRANSITIONS, "collecting", dict(Onboarding.State.choices)),
            "",
            "## States of a required document",
            "",
            diagram(rules.DOCUMENT_TRANSITIONS, "missing", dict(RequiredDocument.State.choices)),
            "",
            "A paper in review that no officer has taken yet is shown as “Uploaded”.",
            "",
            "## Stages, as the trade calls them",
            "",
            "Shown on the pages; each follows from the stored state and what is missing.",
            "",
            "| stage | when |",
            "|---|---|",
            *(f"| {name} | {when} |" for name, when in rules.STAGES.items()),
            "",
        ]
    )


def diagram(transitions: dict[str, dict[str, str]], first: str, labels: dict[str, object]) -> str:
    """A mermaid state diagram; a state that leads nowhere is an end."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first}"]
    lines += [f"    {state}: {labels[state]}" for state in transitions]
    lines += [
        f"    {state} --> {to}: {how}" for state, ways in transitions.items() for to, how in ways.items()
    ]
    lines += [f"    {state} --> [*]" for state, ways in transitions.items() if not ways]
    return "\n".join([*lines, "```"])
