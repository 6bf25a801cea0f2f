"""Input of the audit of interactions: a plan, a judgement, an answer, an attestation."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Channel
from compliance.forms.filters import COLUMNS
from compliance.models import Attestation, SampleItem
from compliance.rules import sampling as rules
from ui.forms import DateInput, Filter, Look


class PlanForm(Look, forms.Form):
    """The period; what is drawn from it is said by the figures, and the seed by the machine."""

    first_on = forms.DateField(label=_("Records logged from"), widget=DateInput())
    last_on = forms.DateField(label=_("until"), widget=DateInput())


class SampleFilter(Filter):
    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("All")), *SampleItem.State.choices, ("decided", _("Decided")),
            ("failures", _("Failed, mended or not")), ("asked", _("Asked, answered or not")),
        ],
        required=False,
    )  # fmt: skip
    clock = forms.ChoiceField(label=_("Due"), choices=[("", _("All")), *COLUMNS], required=False)
    why = forms.ChoiceField(
        label=_("Drawn because"), choices=[("", _("All")), *SampleItem.Why.choices], required=False
    )
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[("", _("All")), *Channel.choices], required=False
    )
    plan = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    author = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    team = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    since = forms.DateField(required=False, widget=forms.HiddenInput)
    late = forms.ChoiceField(choices=[("1", "")], required=False, widget=forms.HiddenInput)


class AttestationFilter(Filter):
    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("Missing")),
            ("attested", _("Attested")),
            ("used", _("Declared a use")),
            ("all", _("All")),
        ],
        required=False,
    )
    clock = forms.ChoiceField(label=_("Due"), choices=[("", _("All")), *COLUMNS], required=False)


class JudgeForm(Look, forms.Form):
    """Which lines the officer finds met, and one of three decisions."""

    met = forms.MultipleChoiceField(required=False)
    note = forms.CharField(
        label=_("Question, or what is to be mended"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to ask and to let it fail."),
    )
    until_on = forms.DateField(
        label=_("To be mended until"),
        required=False,
        widget=DateInput(),
        help_text=_("Left empty: as the figures say."),
    )
    decision = forms.ChoiceField(choices=[("pass", ""), ("query", ""), ("fail", "")])

    def __init__(self, *args: Any, lines: Mapping[str, str], today: date, **kwargs: Any) -> None:
        """lines: what a record must hold, code -> label."""
        super().__init__(*args, **kwargs)
        self.lines, self.today = lines, today
        self.fields["met"].choices = list(lines.items())  # type: ignore[attr-defined]

    def clean_until_on(self) -> date | None:
        until: date | None = self.cleaned_data["until_on"]
        if until and until < self.today:
            raise forms.ValidationError(_("This day is past."))
        return until

    def clean(self) -> dict[str, Any]:
        """What the action would refuse, each sentence at its field."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        decision, met, note = told.get("decision"), told.get("met", []), told.get("note")
        if decision == "pass":
            not_met = [label for code, label in self.lines.items() if code not in met]
            for sentence in rules.refusals_to_pass(not_met):
                self.add_error("met", sentence)
        elif decision and note is not None:
            for sentence in rules.refusals_of_no_words(decision, note):
                self.add_error("note", sentence)
        return told


class CloseForm(Look, forms.Form):
    note = forms.CharField(
        label=_("What is still missing"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when it is not mended."),
    )
    mended = forms.ChoiceField(choices=[("yes", ""), ("no", "")])

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("mended") == "no" and "note" in told:
            for sentence in rules.refusals_of_no_words("reject", told["note"]):
                self.add_error("note", sentence)
        return told


class AnswerForm(Look, forms.Form):
    text = forms.CharField(
        label=_("Your answer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("It becomes an addendum to the record and stays there under your name."),
    )


USES = 5


class AttestForm(Look, forms.Form):
    """No unrecorded channel was used, or these: client, day, which."""

    used = forms.ChoiceField(
        label=_("In this period I spoke with clients about their affairs"),
        choices=[
            ("no", _("only on channels that the bank records, or recorded it here")),
            ("yes", _("also on a channel that the bank does not record")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        *args: Any,
        attestation: Attestation,
        client_by_number: Callable[[str], int | None],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.attestation, self.client_by_number = attestation, client_by_number
        for at in range(1, USES + 1):
            self.fields[f"number{at}"] = forms.CharField(
                label=_("Client number"), max_length=30, required=False
            )
            self.fields[f"on{at}"] = forms.DateField(label=_("Day"), required=False, widget=DateInput())
            self.fields[f"what{at}"] = forms.CharField(label=_("Channel"), max_length=100, required=False)

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        return [[self[f"{name}{at}"] for name in ("number", "on", "what")] for at in range(1, USES + 1)]

    @property
    def opened(self) -> bool:
        return self.is_bound and self.data.get("used") == "yes"

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        uses: list[tuple[int, date, str]] = []
        for at in range(1, USES + 1):
            number, on, what = (told.get(f"{name}{at}") for name in ("number", "on", "what"))
            if not (number or on or what):
                continue
            client_id = self.client_by_number(number) if number else None
            if client_id is None:
                self.add_error(f"number{at}", _("You serve no client with this number."))
            if not on:
                self.add_error(f"on{at}", _("Say on which day."))
            elif not self.attestation.first_on <= on <= self.attestation.last_on:
                self.add_error(f"on{at}", _("This day is not in the period."))
            if not what:
                self.add_error(f"what{at}", _("Say which channel."))
            if client_id and on and what:
                uses.append((client_id, on, what))
        if told.get("used") == "yes" and not uses and not self.errors:
            self.add_error("used", _("Say with whom, on which day and on which channel."))
        if told.get("used") == "no" and uses:
            self.add_error(
                "used", _("You name a channel below: choose the other answer, or empty the lines.")
            )
        told["uses"] = uses
        return told
