"""The questionnaire: what is asked, in which words, step by step. The pack "needs" weighs the answers."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Question:
    """One question; without choices it asks for an amount. `after`: asked only if that was answered so."""

    code: str
    text: Any
    choices: tuple[tuple[str, Any], ...] = ()
    hint: Any = ""
    after: tuple[str, tuple[str, ...]] | None = None

    def is_asked(self, answers: dict[str, Any]) -> bool:
        return self.after is None or answers.get(self.after[0]) in self.after[1]


@dataclass(frozen=True)
class Step:
    code: str
    label: Any
    questions: tuple[Question, ...]


_LEVELS = (
    ("none", _("None")),
    ("basic", _("Basic: knows how it works")),
    ("experienced", _("Experienced: has held it")),
)

BANDS = {
    1: _("1 Conservative"),
    2: _("2 Moderately conservative"),
    3: _("3 Moderate"),
    4: _("4 Moderately aggressive"),
    5: _("5 Aggressive"),
}

# One knowledge question an asset class; cash needs none.
KNOWLEDGE = {
    "know_bonds": "bonds",
    "know_equity": "equity",
    "know_real_estate": "real_estate",
    "know_commodities": "commodities",
    "know_alternatives": "alternatives",
}

STEPS = (
    Step(
        "goals",
        _("Goals and time"),
        (
            Question(
                "goal",
                _("What should the money do?"),
                (
                    ("preserve", _("Keep its value")),
                    ("income", _("Bring a regular income")),
                    ("balanced", _("Grow, with some income")),
                    ("growth", _("Grow")),
                    ("most", _("Grow as much as it can")),
                ),
            ),
            Question(
                "horizon",
                _("When will most of it be needed?"),
                (
                    ("under_3", _("Within 3 years")),
                    ("3_to_5", _("In 3 to 5 years")),
                    ("5_to_10", _("In 5 to 10 years")),
                    ("over_10", _("In more than 10 years")),
                ),
            ),
            Question(
                "liquidity",
                _("How much of it must be at hand within two years?"),
                (
                    ("none", _("Nothing")),
                    ("tenth", _("Up to a tenth")),
                    ("quarter", _("Up to a quarter")),
                    ("half", _("Up to a half")),
                    ("more", _("More than a half")),
                ),
            ),
        ),
    ),
    Step(
        "means",
        _("Means"),
        (
            Question("income", _("Income a year, after tax"), hint=_("For a company: the yearly profit.")),
            Question(
                "security",
                _("How sure is that income?"),
                (
                    ("unsure", _("It may stop")),
                    ("mixed", _("It varies")),
                    ("sure", _("It is sure")),
                ),
            ),
            Question("assets", _("All assets, the home included")),
            Question("debts", _("All debts, the mortgage included"), hint=_("0 where there are none.")),
        ),
    ),
    Step(
        "loss",
        _("Loss"),
        (
            Question(
                "reaction",
                _("The portfolio lost a fifth in three months. What then?"),
                (
                    ("sell_all", _("Sell everything")),
                    ("sell_some", _("Sell some")),
                    ("hold", _("Wait")),
                    ("buy", _("Buy more")),
                ),
            ),
            Question(
                "loss",
                _("Which loss in one year could be borne without sleepless nights?"),
                (
                    ("none", _("None")),
                    ("five", _("5 %")),
                    ("ten", _("10 %")),
                    ("twenty", _("20 %")),
                    ("forty", _("40 % or more")),
                ),
            ),
        ),
    ),
    Step(
        "knowledge",
        _("Knowledge and experience"),
        (
            Question("know_bonds", _("Bonds and bond funds"), _LEVELS),
            Question("know_equity", _("Shares and share funds"), _LEVELS),
            Question("know_real_estate", _("Real estate funds"), _LEVELS),
            Question("know_commodities", _("Gold and other commodities"), _LEVELS),
            Question("know_alternatives", _("Structured products and hedge funds"), _LEVELS),
        ),
    ),
    Step(
        "preferences",
        _("Preferences"),
        (
            Question(
                "sustainability",
                _("Shall the investments be sustainable?"),
                (
                    ("none", _("No preference")),
                    ("some", _("A part of them")),
                    ("strict", _("Only such investments")),
                ),
            ),
            Question(
                "sustainability_how",
                _("In which way?"),
                (
                    ("taxonomy", _("A share as the EU taxonomy defines it")),
                    ("impact", _("A share with a measured effect")),
                    ("exclude", _("Without harmful lines of business")),
                ),
                hint=_("MiFID II asks for the kind as well as for the wish."),
                after=("sustainability", ("some", "strict")),
            ),
        ),
    ),
)
QUESTIONS = {question.code: question for step in STEPS for question in step.questions}


def step_of(code: str) -> Step | None:
    return next((step for step in STEPS if step.code == code), None)


def step_after(code: str) -> Step | None:
    codes = [step.code for step in STEPS]
    number = codes.index(code) + 1
    return STEPS[number] if number < len(STEPS) else None


def asked(answers: dict[str, Any]) -> list[Question]:
    """The questions this client is asked, given the answers so far."""
    return [question for question in QUESTIONS.values() if question.is_asked(answers)]


def unanswered(answers: dict[str, Any]) -> list[Question]:
    return [question for question in asked(answers) if answers.get(question.code) in (None, "")]


def answer_text(code: str, answer: Any) -> str:
    """An answer as it was given, in words."""
    question = QUESTIONS.get(code)
    return str(dict(question.choices).get(answer, answer)) if question else str(answer)


def answered(code: str, answer: Any) -> str:
    """Question and answer in a line, as a paper of the file tells them."""
    question = QUESTIONS.get(code)
    asked_for = str(question.text) if question else code
    return f"{asked_for}{' ' if asked_for.endswith('?') else ': '}{answer_text(code, answer)}"
