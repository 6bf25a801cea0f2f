"""Who holds how much of whom, since when."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.forms import countries
from clients.models import OWNING, Party, PartyKind
from clients.rules import owners as rules
from ui.forms import DateInput, Look, MoneyInput

FIRST_FIGURES = date(2000, 1, 1)  # before it no figures are in force by which anything could be judged


class AsOfForm(forms.Form):
    """The day one looks at, as it stands in the address. A wrong or future one is today."""

    on = forms.DateField(
        label=_("As of"),
        required=False,
        widget=DateInput({"class": "form-control"}),
        validators=[MinValueValidator(FIRST_FIGURES)],
    )

    @property
    def day(self) -> date:
        today = timezone.localdate()
        asked = self.cleaned_data.get("on") if self.is_valid() else None
        return min(asked or today, today)


def _share_field(**how: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Share in percent"), max_digits=7, decimal_places=3, widget=MoneyInput(), **how
    )


class _Judged(Look, forms.Form):
    """A form whose rules name the field that is wrong."""

    def __init__(
        self, *args: Any, held: Iterable[rules.Held] = (), parties: Iterable[Party] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.held, self.kinds = list(held), {party.pk: party.kind for party in parties}

    def blame(self, wrongs: Iterable[rules.Wrong]) -> None:
        for wrong in wrongs:
            self.add_error(wrong.field if wrong.field in self.fields else None, wrong.sentence)


class OwnerForm(_Judged):
    of_id = forms.TypedChoiceField(label=_("Of whom"), coerce=int)
    relation = forms.ChoiceField(
        label=_("Is its"),
        choices=[(kind.value, kind.label) for kind in OWNING],
        help_text=_("A trust has no owner: everyone behind it has a role."),
    )
    party_id = forms.TypedChoiceField(label=_("Who"), coerce=int, empty_value=None, required=False)
    kind = forms.ChoiceField(label=_("Someone new is a"), choices=PartyKind.choices)
    name = forms.CharField(
        label=_("Name"), max_length=250, required=False, help_text=_("In full, in Latin letters.")
    )
    born_on = forms.DateField(label=_("Born or founded on"), required=False, widget=DateInput())
    nationality = forms.ChoiceField(label=_("Nationality or seat"), required=False)
    share = _share_field(required=False)
    since_on = forms.DateField(label=_("Since"), widget=DateInput())

    def __init__(self, *args: Any, parties: Iterable[Party] = (), **kwargs: Any) -> None:
        parties = list(parties)
        super().__init__(*args, parties=parties, **kwargs)
        ownable = [(party.pk, party.name) for party in parties if party.kind != PartyKind.PERSON]
        everyone = [(party.pk, party.name) for party in parties]
        self.fields["of_id"].choices = ownable  # type: ignore[attr-defined]
        self.fields["party_id"].choices = [("", _("Someone new")), *everyone]  # type: ignore[attr-defined]
        self.fields["nationality"].choices = [("", _("Not known")), *countries()]  # type: ignore[attr-defined]

    def clean(self) -> None:
        said = self.cleaned_data
        if not said.get("party_id") and not said.get("name"):
            self.add_error("name", _("Write the name, or choose someone on the file."))
        if "of_id" not in said or "since_on" not in said or "share" not in said or "relation" not in said:
            return
        new = rules.Held(
            said.get("party_id") or 0, said["of_id"], said["relation"], said["share"], said["since_on"]
        )
        self.blame(rules.wrongs_of_owner(new, self.held, self.kinds, timezone.localdate()))

    @property
    def new_owner(self) -> dict[str, Any]:
        """What the action takes: of someone on the file nothing but who it is."""
        said = dict(self.cleaned_data)
        return (
            said
            if said["party_id"] is None
            else {name: said[name] for name in ("of_id", "relation", "party_id", "share", "since_on")}
        )


class ShareForm(_Judged):
    share = _share_field()
    from_on = forms.DateField(label=_("From"), widget=DateInput())

    def __init__(self, *args: Any, old: rules.Held, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.old = old

    def clean(self) -> None:
        said = self.cleaned_data
        if "share" in said and "from_on" in said and self.old.until is None:
            old = self.old
            new = rules.Held(old.party, old.of, old.relation, said["share"], said["from_on"])
            self.blame(rules.wrongs_of_change(old, new, self.held, self.kinds, timezone.localdate()))


class EndForm(_Judged):
    until_on = forms.DateField(
        label=_("No longer from"), widget=DateInput(), help_text=_("The first day on which it does not hold.")
    )

    def __init__(self, *args: Any, old: rules.Held, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.old = old

    def clean(self) -> None:
        if (until := self.cleaned_data.get("until_on")) and self.old.until is None:
            self.blame(rules.wrongs_of_end(self.old, until, timezone.localdate()))
