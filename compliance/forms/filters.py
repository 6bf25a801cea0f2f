"""Filters of lists, as they stand in an address."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.forms import countries
from clients.models import Channel, Risk, Segment
from compliance.models import ScreeningHit
from compliance.rules import desk
from compliance.rules.gaps import Group
from compliance.selectors.gaps import gap_rules
from ui.formats import language, moment_text
from ui.forms import DateInput, Filter, MomentInput

COLUMN_LABELS = {
    "overdue": _("Late"),
    "today": _("Today"),
    "week": _("1–7 days"),
    "month": _("8–30 days"),
    "due_60": _("31–60 days"),
    "due_90": _("61–90 days"),
}
COLUMNS = list(COLUMN_LABELS.items())
ENDS = [
    ("overdue", _("Has ended")),
    ("today", _("Ends today")),
    ("week", _("Ends in 7 days")),
    ("month", _("Ends in 8 to 30 days")),
    ("due_60", _("Ends in 31 to 60 days")),
    ("due_90", _("Ends in 61 to 90 days")),
]
CLOCKS = [
    ("", _("All")),
    ("overdue", _("Overdue")),
    ("late_long", _("Overdue for more than 90 days")),
    ("late", _("Overdue for up to 90 days")),
    ("today", _("Due today")),
    ("week", _("Due in 7 days")),
    ("month", _("Due in 8 to 30 days")),
    ("due_30", _("Due in 30 days")),
    ("due_60", _("Due in 31 to 60 days")),
    ("due_90", _("Due in 61 to 90 days")),
]


class AuditExportForm(forms.Form):
    since = forms.DateField(label=_("First day"), widget=DateInput)
    until = forms.DateField(label=_("Last day"), widget=DateInput)
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        required=False,
        help_text=_("Needed where many clients are in it: then a second person confirms it first."),
    )


class KycFilter(Filter):
    clock = forms.ChoiceField(label=_("Due"), choices=CLOCKS, required=False)
    risk = forms.ChoiceField(label=_("Risk"), choices=[("", _("All")), *Risk.choices], required=False)
    segment = forms.ChoiceField(
        label=_("Segment"), choices=[("", _("All")), *Segment.choices], required=False
    )

    team = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    country = forms.CharField(required=False, max_length=2, widget=forms.HiddenInput)


class HitFilter(Filter):
    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("Undecided")),
            ("first", _("Waits for the first officer")),
            ("obvious", _("Obviously nobody on the list")),
            *ScreeningHit.State.choices,
        ],
        required=False,
    )
    clock = forms.ChoiceField(label=_("To be decided"), choices=[("", _("All")), *COLUMNS], required=False)
    until_score = forms.IntegerField(label=_("Score at most"), required=False, min_value=0, max_value=100)
    whose = forms.ChoiceField(
        label=_("Assigned to"),
        choices=[("", _("All")), ("mine", _("Me")), ("nobody", _("Nobody"))],
        required=False,
    )


class QueueFilter(Filter):
    clock = forms.ChoiceField(label=_("Due"), choices=[("", _("All")), *COLUMNS], required=False)


class OverrideFilter(QueueFilter):
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("Waits for a second officer")), ("in_force", _("In force"))],
        required=False,
    )
    field_order = ("state", "clock", "after", "before")


class GapFilter(Filter):
    """What files lack: missing now where no clock is chosen, else what ends within it."""

    kind = forms.ChoiceField(label=_("What"), required=False)
    clock = forms.ChoiceField(
        label=_("When"),
        choices=[("", _("Missing now")), *ENDS],
        required=False,
    )
    risk = forms.ChoiceField(label=_("Risk"), choices=[("", _("All")), *Risk.choices], required=False)
    group = forms.ChoiceField(
        choices=[(each, each) for each in Group], required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(rule.kind, rule.label) for rule in gap_rules().values()]
        self.fields["kind"].choices = [("", _("All")), *kinds]  # type: ignore[attr-defined]


class ReviewFilter(Filter):
    """Reviews that were done, as the report of punctuality counts them."""

    stand = forms.ChoiceField(
        label=_("Done"),
        choices=[("", _("All")), ("in_time", _("In time")), ("late", _("Late"))],
        required=False,
    )
    month = forms.DateField(required=False, widget=forms.HiddenInput)
    since = forms.DateField(label=_("Since"), required=False, widget=DateInput())
    team = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    book = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)


class ReportFilter(Filter):
    """Of the whole bank, or of one team; months before this one."""

    months = forms.TypedChoiceField(
        label=_("Period"),
        choices=[
            ("", _("12 months")), ("3", _("3 months")), ("6", _("6 months")), ("24", _("24 months")),
        ],
        coerce=int,
        empty_value=None,
        required=False,
    )  # fmt: skip


class TeamReportFilter(ReportFilter):
    team = forms.TypedChoiceField(label=_("Team"), coerce=int, empty_value=None, required=False)
    field_order: tuple[str, ...] = ("months", "team", "after", "before")

    def __init__(self, *args: Any, teams: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [("", _("All")), *teams.items()]  # type: ignore[attr-defined]


class RiskReportFilter(TeamReportFilter):
    segment = forms.ChoiceField(
        label=_("Segment"), choices=[("", _("All")), *Segment.choices], required=False
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    by = forms.ChoiceField(
        label=_("Broken down by"), choices=[("", _("Team")), ("country", _("Country"))], required=False
    )
    field_order = ("segment", "team", "country", "by", "after", "before")

    def __init__(self, *args: Any, teams: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, teams=teams, **kwargs)
        del self.fields["months"]
        self.fields["country"].choices = [("", _("All")), *countries()]  # type: ignore[attr-defined]


class ManyForm(forms.Form):
    """Ticked rows (which of them are whose, the lock tells), or all of the filter in the address."""

    rows = forms.TypedMultipleChoiceField(coerce=int, required=False)
    everything = forms.BooleanField(required=False)
    form_key = forms.CharField(required=False, max_length=100)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        said = data.getlist("rows") if data else []
        self.ticked = {int(each) for each in said if each.isascii() and each.isdigit() and len(each) < 19}
        self.fields["rows"].choices = [(each, each) for each in self.ticked]  # type: ignore[attr-defined]

    def clean(self) -> None:
        """That nothing is ticked is told at once with what else is wrong."""
        if not (self.cleaned_data.get("everything") or self.cleaned_data.get("rows")):
            self.add_error("rows", desk.refusals_to_ask_for_many(0))  # type: ignore[arg-type]  # a list

    def whole(self, asked: Mapping[str, Any]) -> dict[str, Any] | None:
        """The filter of the list, where all of it is meant; None: what is ticked."""
        if not self.cleaned_data["everything"]:
            return None
        return {name: value for name, value in asked.items() if name not in ("after", "before")}

    def is_too_much_or_nothing(self, rows: Sequence[Any]) -> bool:
        """Tell it at the list. rows: which of those that were meant are there."""
        ticks = 0 if self.cleaned_data["everything"] else len(self.cleaned_data["rows"])
        wrong = desk.refusals_to_tick(ticks) or desk.refusals_to_ask_for_many(len(rows))
        if wrong:
            self.add_error("rows", wrong)  # type: ignore[arg-type]  # a list
        return bool(wrong)


class BulkForm(ManyForm):
    """What to do with clients of the queues."""

    ACTS = {"remind": _("Remind the relationship manager"), "review": _("Ask for a review sooner")}

    act = forms.ChoiceField(
        label=_("With those ticked"),
        choices=list(ACTS.items()),
        widget=forms.Select({"class": "form-select"}),
    )


def filter_words(asked: Mapping[str, Any] | None) -> tuple[str, ...]:
    """A filter as the audit keeps it: "risk=high"."""
    return tuple(f"{name}={value}" for name, value in sorted((asked or {}).items()))


class OfDays(Filter):
    """Of which client, and from when to when."""

    number = forms.CharField(
        label=_("Client number"),
        required=False,
        max_length=30,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    from_on = forms.DateField(label=_("From"), required=False, widget=DateInput())
    until_on = forms.DateField(label=_("Until"), required=False, widget=DateInput())
    client = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)


class InteractionFilter(OfDays):
    TYPED = ("words", "number")  # what may name a client: posted, and sealed in the address (staff/typed.py)
    field_order = ("words", "person", "channel")

    words = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=200,
        help_text=_("In summary and notes; “…” keeps words together."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    person = forms.CharField(label=_("Logged by (login)"), required=False, max_length=150)
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[("", _("All")), *Channel.choices], required=False
    )


class OpeningFilter(OfDays):
    TYPED = ("number",)
    field_order = ("person",)

    person = forms.CharField(label=_("Opened by (login)"), required=False, max_length=150)


class MomentForm(Filter):
    """The instant one looks at, by the reader's clock, as the address has it; left out, now. A wrong one is
    told so."""

    at = forms.DateTimeField(label=_("At"), widget=MomentInput())

    def __init__(self, asked: QueryDict, *, begins: datetime, now: datetime) -> None:
        told = asked.copy()
        if is_now := not told.get("at"):
            told["at"] = _typed(now)
        super().__init__(told)
        self.is_now, self.begins, self.now = is_now, begins, now

    def clean_at(self) -> datetime:
        at: datetime = self.now if self.is_now else self.cleaned_data["at"]
        if at > self.now:
            raise forms.ValidationError(_("This instant is still to come."))
        if at < self.begins:
            begins = moment_text(timezone.localtime(self.begins).replace(tzinfo=None), language())
            raise forms.ValidationError(
                _("Who could see what is kept since %(begins)s. Choose an instant after that.")
                % {"begins": begins}
            )
        self.data["at"] = _typed(at)  # type: ignore[index]  # a copy: as the field shows it
        return at

    @property
    def moment(self) -> datetime | None:
        """The instant, or None: then `errors` says why."""
        return self.cleaned_data["at"] if self.is_valid() else None


def _typed(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M:%S}"


class DryRunFilter(Filter):
    levels = [("", _("All")), *Risk.choices]
    before_level = forms.ChoiceField(label=_("Rating now"), choices=levels, required=False)
    after_level = forms.ChoiceField(label=_("Rating then"), choices=levels, required=False)
    change = forms.ChoiceField(
        label=_("What changes"),
        choices=[
            ("", _("All")),
            ("higher", _("Rated higher")),
            ("lower", _("Rated lower")),
            ("moved", _("Only the review moves")),
            ("overdue", _("The review becomes overdue")),
        ],
        required=False,
    )
    book = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)


class TrialFilter(Filter):
    way = forms.SlugField(required=False, max_length=20, widget=forms.HiddenInput)
    book = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)


class RecordFilter(Filter):
    record = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
