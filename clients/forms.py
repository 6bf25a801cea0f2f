"""The shapes of input about clients."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clients import rules
from clients.intake import TAKEN, TakesFile
from clients.models import (
    OF_A_TRUST,
    Channel,
    Client,
    ContactPoint,
    DocumentKind,
    GrantPurpose,
    Interaction,
    Kind,
    PartyKind,
    Purpose,
    RelationKind,
    Risk,
    Segment,
    Stage,
    State,
    Task,
)
from clients.rules.documents import wrongs_of_dates
from clients.selectors.contacts import late_hours
from rulebook.rules.figures import NO_COUNTRIES
from ui.formats import locale_of
from ui.forms import DateInput, Look

SORTS = [
    "name",
    "-value",
    "value",
    "last_contact_on",
    "-last_contact_on",
    "kyc_due_on",
    "-kyc_due_on",
    "-name",
]
DAYS = [
    ("30", _("30 days")),
    ("60", _("60 days")),
    ("90", _("90 days")),
    ("180", _("180 days")),
    ("365", _("A year")),
]
# In the reporting currency; "from-below".
BANDS = [
    ("0-50000", _("Below 50,000")),
    ("50000-250000", _("50,000 to 250,000")),
    ("250000-1000000", _("250,000 to 1 million")),
    ("1000000-5000000", _("1 to 5 million")),
    ("5000000-", _("5 million and more")),
]


def _any(choices: list) -> list:
    return [("", _("All")), *choices]


def countries() -> list[tuple[str, str]]:
    """ISO 3166 codes with their names in the reader's language, by name."""
    names = locale_of(get_language() or "en").territories
    known = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha()]
    return sorted((each for each in known if each[0] not in NO_COUNTRIES), key=lambda each: each[1])


LANGUAGES = ["en", "de", "fr", "it", "es", "pt", "nl", "cs", "pl", "ru", "ar", "tr", "zh", "ja", "hi"]


def languages() -> list[tuple[str, str]]:
    names = locale_of(get_language() or "en").languages
    return [(code, names.get(code, code).capitalize()) for code in LANGUAGES]


class ClientFilter(forms.Form):
    """The filters of the clients list, as they stand in its URL. A wrong value is no filter and no error."""

    name = forms.CharField(
        label=_("Name"), required=False, max_length=80, widget=forms.TextInput({"autocomplete": "off"})
    )
    segment = forms.ChoiceField(label=_("Segment"), choices=_any(Segment.choices), required=False)
    state = forms.ChoiceField(label=_("State"), choices=_any(State.choices), required=False)
    silent = forms.ChoiceField(
        label=_("No contact for"), choices=[("", _("Any time")), *DAYS], required=False
    )
    kyc = forms.ChoiceField(
        label=_("KYC"),
        choices=[
            ("", _("All")),
            ("overdue", _("Overdue")),
            ("30", _("Due in 30 days")),
            ("90", _("Due in 90 days")),
        ],
        required=False,
    )
    risk = forms.ChoiceField(label=_("Risk"), choices=_any(Risk.choices), required=False)
    assets = forms.ChoiceField(label=_("Assets"), choices=_any(BANDS), required=False)
    stage = forms.ChoiceField(label=_("Stage"), choices=_any(Stage.choices), required=False)
    domicile = forms.CharField(
        label=_("Domicile"),
        required=False,
        max_length=2,
        min_length=2,
        validators=[RegexValidator("^[A-Za-z]{2}$")],
        widget=forms.TextInput(attrs={"placeholder": "CH", "size": 4, "autocapitalize": "characters"}),
    )
    book = forms.IntegerField(label=_("Book"), required=False, min_value=1, max_value=2**62)
    sort = forms.ChoiceField(
        choices=[(sort, sort) for sort in SORTS], required=False, widget=forms.HiddenInput
    )
    after = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    FIRST = ("name", "segment", "state", "silent", "kyc")  # the others stand behind "More filters"
    PLACE = ("sort", "after", "before")

    def __init__(self, data: Any, *, books: Any = (), address: QueryDict | None = None) -> None:
        """`address`: the same as it stands in the address, with the name sealed."""
        super().__init__(data)
        self.address = address if address is not None else QueryDict()
        for field in self.fields.values():
            css = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = css
        self.books = books
        if books:
            choices = _any([(book.pk, book.name) for book in books])
            self.fields["book"].widget = forms.Select(choices=choices, attrs={"class": "form-select"})
        else:
            self.fields["book"].widget = forms.HiddenInput()

    def clean_domicile(self) -> str:
        return self.cleaned_data["domicile"].upper()

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked and understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    @property
    def first(self) -> list:
        return [self[name] for name in self.FIRST]

    @property
    def more(self) -> list:
        return [field for field in self.visible_fields() if field.name not in self.FIRST]

    @property
    def more_is_asked(self) -> bool:
        return any(field.name in self.asked for field in self.more)

    def chips(self) -> list[dict[str, str]]:
        """Each filter in force, in words, with the address without it."""
        asked = self.asked
        chips = []
        for name, value in asked.items():
            if name in self.PLACE:
                continue
            rest = {key: each for key, each in asked.items() if key not in (name, "after", "before")}
            chips.append(
                {
                    "label": str(self.fields[name].label),
                    "value": self._said(name, value),
                    "url": "?" + self._query(rest),
                }
            )
        return chips

    def _said(self, name: str, value: Any) -> str:
        if name == "book":
            return next((book.name for book in self.books if book.pk == value), str(value))
        choices = dict(getattr(self.fields[name], "choices", []))
        return str(choices.get(value, value))

    def as_query(self) -> str:
        """The filters without the place in the list: what a saved view keeps."""
        return self._query(
            {key: value for key, value in self.asked.items() if key not in ("after", "before")}
        )

    def _query(self, asked: dict[str, Any]) -> str:
        return query_of({key: self.address.get(key) or value for key, value in asked.items()})


class PlaceForm(forms.Form):
    """Where in a list one stands."""

    after = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    @property
    def place(self) -> dict[str, int]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class IdentifiersForm(forms.Form):
    """Asked of the API: numbers that are masked on pages, in full. Counted and recorded."""

    identifiers = forms.ChoiceField(required=False, choices=[("", _("masked")), ("full", _("in full"))])


class SearchForm(forms.Form):
    q = forms.CharField(required=False, max_length=100)

    @property
    def text(self) -> str:
        """What was typed, "" when it is too little to search for."""
        self.is_valid()
        text = self.cleaned_data.get("q", "")
        return text if len(text) > 1 else ""


def query_of(asked: dict[str, Any]) -> str:
    query = QueryDict(mutable=True)
    query.update({key: str(value) for key, value in asked.items()})
    return query.urlencode()


class InteractionForm(Look, forms.ModelForm):
    """Log a contact: channel, purpose and one sentence are enough; the rest has good defaults.

    `first` stands open; the rest of the record is one click away, and open when something in it is asked for.
    """

    first = ("channel", "purpose", "summary", "at", "minutes", "advice_given")
    colleagues = forms.TypedMultipleChoiceField(
        label=_("Colleagues who attended"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    jurisdiction = forms.ChoiceField(label=_("Country where the client was"), required=False)

    class Meta:
        model = Interaction
        fields = [
            "channel",
            "purpose",
            "summary",
            "at",
            "minutes",
            "advice_given",
            "late_reason",
            "outbound",
            "off_channel",
            "place",
            "attendees",
            "colleagues",
            "jurisdiction",
            "products",
            "order_details",
            "inducement",
            "recording",
            "follow_up",
            "notes",
        ]
        widgets = {
            "at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "late_reason": _("Asked for when it took place more than a day ago."),
            "off_channel": _("A private messenger, a private phone: tick it, so that the record is whole."),
            "products": _("Asked for when advice was given or an order taken."),
            "order_details": _("Price, volume, type and when to transmit, as the client gave them."),
            "inducement": _("From whom and of what worth; “none” is an answer."),
            "recording": _("Where the recording of the conversation is kept."),
            "follow_up": _("What was agreed next; “none” is an answer."),
        }

    def __init__(self, *args: Any, colleagues: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].initial = timezone.localtime
        self.fields["at"].required = False  # left out, it was just now
        self.fields["channel"].initial = Channel.CALL
        self.fields["purpose"].initial = Purpose.SERVICE
        self.fields["jurisdiction"].choices = [("", "–"), *countries()]  # type: ignore[attr-defined]
        if named := list(colleagues):
            self.fields["colleagues"].choices = named  # type: ignore[attr-defined]
        else:
            del self.fields["colleagues"]

    def clean_at(self) -> Any:
        return self.cleaned_data["at"] or timezone.now()

    def clean(self) -> dict[str, Any]:
        """A late entry says why, at its field; the action asks by the same rule."""
        told = super().clean() or self.cleaned_data
        if (at := told.get("at")) and not self.instance.pk:
            now = timezone.now()
            for sentence in rules.refusals_to_log_late(
                at, now, late_hours(at, now), told.get("late_reason", "")
            ):
                self.add_error("late_reason", sentence)
        return told

    @property
    def more(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.first]

    @property
    def firsts(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name in self.first]

    @property
    def opened(self) -> bool:
        """Something beyond the first fields is wrong, or this is a correction."""
        return bool(self.instance.pk) or any(field.errors for field in self.more)


class AddendumForm(Look, forms.Form):
    text = forms.CharField(label=_("Addendum"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class QuickLogForm(forms.Form):
    """The same in one line, beside the client one speaks with: a sentence and a button."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, initial=Channel.CALL)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices, initial=Purpose.SERVICE)
    summary = forms.CharField(label=_("What was said"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, css in (
            ("channel", "form-select"),
            ("purpose", "form-select"),
            ("summary", "form-control"),
        ):
            self.fields[name].widget.attrs["class"] = css
        self.fields["summary"].widget.attrs["autocomplete"] = "off"


class TaskForm(Look, forms.ModelForm):
    class Meta:
        model = Task
        fields = ["kind", "title", "due_on", "starts_at", "promise"]
        widgets = {"due_on": forms.DateInput(), "starts_at": forms.DateTimeInput()}


class ViewForm(forms.Form):
    name = forms.CharField(label=_("Name of this view"), max_length=80)
    page = forms.CharField(max_length=50, widget=forms.HiddenInput)
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)


class LeadForm(Look, forms.Form):
    """Enough to call someone back; the onboarding asks the rest."""

    kind = forms.ChoiceField(label=_("Person or organisation"), choices=Kind.choices)
    name = forms.CharField(
        label=_("Name"),
        max_length=250,
        help_text=_("In full, in Latin letters, as in the passport or register."),
    )
    native_name = forms.CharField(label=_("Name in its own script"), max_length=250, required=False)
    contact_kind = forms.ChoiceField(
        label=_("Reached by"), choices=[("phone", _("Phone")), ("email", _("E-mail"))], required=False
    )
    contact_value = forms.CharField(
        label=_("Number or address"),
        max_length=300,
        required=False,
        help_text=_("A phone number begins with +."),
    )
    segment = forms.ChoiceField(label=_("Segment"), choices=Segment.choices)
    stage = forms.ChoiceField(label=_("Stage"), choices=Stage.choices)
    domicile = forms.ChoiceField(label=_("Domicile"), choices=countries)
    language = forms.ChoiceField(label=_("Language"), choices=languages)
    book_id = forms.TypedChoiceField(label=_("Book"), coerce=int)

    def __init__(self, *args: Any, books: list, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["book_id"]
        field.choices = [(book.pk, book.name) for book in books]  # type: ignore[attr-defined]
        if len(books) == 1:
            field.initial = books[0].pk
            field.widget = forms.HiddenInput()
        for name, every, of_persons in (
            ("segment", Segment.choices, rules.PERSON_SEGMENTS),
            ("stage", Stage.choices, rules.PERSON_STAGES),
        ):
            self.fields[name].choices = [  # type: ignore[attr-defined]
                (_("Of a person"), [each for each in every if each[0] in of_persons]),
                (_("Of an organisation"), [each for each in every if each[0] not in of_persons]),
            ]
        self.fields["segment"].initial = Segment.AFFLUENT
        self.fields["stage"].initial = Stage.FAMILY
        self.fields["domicile"].initial = "CH"
        self.fields["language"].initial = get_language() or "en"

    def clean(self) -> dict[str, Any]:
        """What the action would refuse, each sentence at its field."""
        data = self.cleaned_data
        if {"kind", "stage", "segment"} <= data.keys():
            for wrong in rules.wrongs_of_lead(data["kind"], data["stage"], data["segment"]):
                self.add_error(wrong.field, wrong.sentence)
        if value := data.get("contact_value"):
            kind = data.get("contact_kind", "")
            if not kind:
                self.add_error("contact_kind", _("Say whether it is a phone or an e-mail address."))
            for sentence in rules.refusals_to_reach_by(kind, rules.tidy_contact(kind, value)):
                self.add_error("contact_value", sentence)
        return data


class ContactPointForm(Look, forms.Form):
    party_id = forms.TypedChoiceField(label=_("Whose"), coerce=int)
    kind = forms.ChoiceField(label=_("Kind"), choices=ContactPoint.Kind.choices)
    value = forms.CharField(label=_("Number or address"), max_length=300)
    preferred = forms.BooleanField(label=_("Use this one first"), required=False)

    def __init__(self, *args: Any, parties: list, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party_id"].choices = [(party.pk, party.name) for party in parties]  # type: ignore[attr-defined]


def since_field() -> forms.DateField:
    """The first day of a role."""
    return forms.DateField(
        label=_("Since"), required=False, widget=DateInput(), help_text=_("Empty: nobody knows since when.")
    )


class RelatedPartyForm(Look, forms.Form):
    relation = forms.ChoiceField(
        label=_("Is the client's"),
        choices=[(kind.value, kind.label) for kind in RelationKind if kind not in OF_A_TRUST],
    )
    kind = forms.ChoiceField(label=_("Person, organisation or trust"), choices=PartyKind.choices)
    name = forms.CharField(label=_("Name"), max_length=250)
    native_name = forms.CharField(label=_("Name in its own script"), max_length=250, required=False)
    born_on = forms.DateField(label=_("Born or founded on"), required=False, widget=DateInput())
    share = forms.DecimalField(
        label=_("Share in percent"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=6,
        decimal_places=3,
        error_messages={"invalid": _("Enter a number with a point, such as 40.5.")},
    )
    since_on = since_field()

    def clean_since_on(self) -> date | None:
        day: date | None = self.cleaned_data["since_on"]
        if refusals := rules.refusals_to_begin(day, timezone.localdate()):
            raise forms.ValidationError(refusals)
        return day


class SpanForm(Look, forms.Form):
    """A colleague and some days, the last one included."""

    to = forms.TypedChoiceField(label=_("Colleague"), coerce=int)
    first_on = forms.DateField(label=_("From"), widget=DateInput())
    last_on = forms.DateField(label=_("Until, with this day"), widget=DateInput())

    def __init__(self, *args: Any, people: list[tuple[int, str]], today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", _("Choose")), *people]  # type: ignore[attr-defined]
        self.fields["first_on"].initial = today


class LoanForm(SpanForm):
    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=[each for each in GrantPurpose.choices if each[0] != GrantPurpose.BREAK_GLASS],
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Stands on the file for everybody who sees it."),
    )
    field_order = ("to", "purpose", "reason", "first_on", "last_on")


class CoverForm(SpanForm):
    book_id = forms.TypedChoiceField(label=_("Book"), coerce=int)
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            ("holidays", _("Holidays")),
            ("illness", _("Illness")),
            ("leave", _("Leave")),
            ("training", _("Training or secondment")),
            ("vacancy", _("The place is vacant")),
        ],
    )
    field_order = ("book_id", "to", "reason", "first_on", "last_on")

    def __init__(self, *args: Any, books: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["book_id"].choices = books  # type: ignore[attr-defined]


class PreferencesForm(Look, forms.ModelForm):
    class Meta:
        model = Client
        fields = ["preferred_channel", "language", "stage", "vulnerable", "preferences"]
        widgets = {"preferences": forms.Textarea(attrs={"rows": 4})}
        labels = {
            "preferred_channel": _("Prefers to be reached by"),
            "vulnerable": _("Vulnerable: needs special care"),
            "preferences": _("What the client wants of us"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=languages)

    def clean_stage(self) -> str:
        stage: str = self.cleaned_data["stage"]
        if refusals := rules.refusals_to_open_lead(self.instance.kind, stage, self.instance.segment):
            raise forms.ValidationError(refusals)
        return stage


class DocumentForm(TakesFile, Look, forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=TAKEN,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.tif,.tiff"}),
    )
    kind = forms.ChoiceField(label=_("What it is"), choices=DocumentKind.choices)
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=200,
        help_text=_("Left empty, it is the name of the file."),
    )
    issued_on = forms.DateField(label=_("Issued on"), required=False, widget=DateInput())
    expires_on = forms.DateField(label=_("Valid until"), required=False, widget=DateInput())

    def clean(self) -> None:
        days = (self.cleaned_data.get("issued_on"), self.cleaned_data.get("expires_on"))
        for wrong in wrongs_of_dates(*days, timezone.localdate()):
            self.add_error(wrong.field, wrong.sentence)
