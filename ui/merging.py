"""Two save the same form: what each changed, field by field, and the choice a page offers.

`seen` is what the page showed when it was opened, `current` what is stored now, `mine` what comes in. Where a
colleague changed a field meanwhile and this person sends something else, there is a choice; where this person
had not touched the field, the colleague's is proposed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from ui.formats import day_text, language


@dataclass(frozen=True)
class Clash:
    """A field that somebody else changed while this person wrote something else there."""

    field: str
    before: str
    theirs: str
    mine: str

    @property
    def untouched(self) -> bool:
        return self.mine == self.before


def as_text(value: Any) -> str:
    """How a field's value is compared: lists sorted, nothing as ""."""
    if value is None:
        return ""
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(sorted(map(as_text, value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def as_seen(current: Mapping[str, Any]) -> str:
    """What a page shows, to come back with the form."""
    return json.dumps({field: as_text(value) for field, value in current.items()})


def seen_of(text: str) -> dict[str, str]:
    """What came back; anything else than what a page wrote is nothing seen."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def clashes(seen: Mapping[str, str], current: Mapping[str, Any], mine: Mapping[str, Any]) -> list[Clash]:
    """The fields to choose for. What was never seen (a page of an older version) cannot clash."""
    found = []
    for field in mine:
        if field not in seen or field not in current:
            continue
        before, theirs, own = as_text(seen[field]), as_text(current[field]), as_text(mine[field])
        if theirs not in (before, own):
            found.append(Clash(field, before, theirs, own))
    return found


def refusals_to_overwrite(found: list[Clash], who: str) -> list[str]:
    """For the moment between look and save, when there is no page to choose on."""
    who = who or "A colleague"
    return [
        f"{who} changed “{clash.field.replace('_', ' ')}” meanwhile. Open the page again and choose."
        for clash in found
    ]


# --- the choice ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """One field with what each of two wants there: (what the form sends, in words)."""

    name: str
    label: str
    before: str
    theirs: tuple[str, str]
    mine: tuple[str, str]
    untouched: bool  # by this person
    options: list[dict[str, Any]]  # of a field with several values: each that one of the two has

    @property
    def many(self) -> bool:
        return bool(self.options)


@dataclass(frozen=True)
class Choices:
    """What templates/ui/clash.html shows."""

    who: str
    at: Any
    choices: list[Choice]
    kept: list[tuple[str, str]]  # what else this person typed, sent along
    seen: str  # as it is stored now
    step: str = ""


def choices_of(
    form: forms.Form,
    seen: Mapping[str, str],
    current: Mapping[str, Any],
    *,
    who: str,
    at: Any = None,
    step: str = "",
) -> Choices | None:
    """What was saved since this page was opened, where this person wrote something else; or None."""
    fields = clashes(seen, current, form.cleaned_data)
    if not fields:
        return None
    clashing = {each.field for each in fields}
    return Choices(
        who or _("A colleague"),
        at,
        [_choice(form, each) for each in fields],
        [
            (name, value)
            for name in form.fields
            if name not in clashing
            for value in form.data.getlist(name)  # type: ignore[attr-defined]  # a QueryDict
        ],
        as_seen(current),
        step,
    )


def _choice(form: forms.Form, clash: Clash) -> Choice:
    field = form.fields[clash.field]
    many = isinstance(field, forms.MultipleChoiceField)
    words = {str(value): str(label) for value, label in getattr(field, "choices", [])}

    def said(text: str) -> str:
        if isinstance(field, forms.DateField) and text:
            return day_text(date.fromisoformat(text), language())
        values = [each for each in text.split(",") if each] if many else [text]
        return ", ".join(words.get(each, each) for each in values) or _("nothing")

    def sent(text: str) -> str:  # a box that is not ticked sends "false", for "no" would tick it
        return {"yes": "true", "no": "false"}[text] if isinstance(field, forms.BooleanField) else text

    theirs, mine = clash.theirs.split(","), clash.mine.split(",")
    options = [
        {
            "value": value,
            "label": words.get(value, value),
            "mine": value in (theirs if clash.untouched else mine),
            "whose": _whose(value in mine, value in theirs),
        }
        for value in sorted({*theirs, *mine} - {""})
        if many
    ]
    return Choice(
        clash.field,
        str(field.label),
        said(clash.before),
        (sent(clash.theirs), said(clash.theirs)),
        (sent(clash.mine), said(clash.mine)),
        clash.untouched,
        options,
    )


def _whose(mine: bool, theirs: bool) -> str:
    return _("both") if mine and theirs else _("yours") if mine else _("theirs")
