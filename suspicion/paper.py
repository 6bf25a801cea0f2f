"""The report to the FIU as a PDF, made by typst from templates/suspicion/report.typ. No network, no file."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from staff.models import User
from suspicion.models import Case
from suspicion.selectors import CasePage
from ui import formats
from ui.pdf import pdf_of

SOURCE = settings.BASE_DIR / "templates" / "suspicion" / "report.typ"


def make(case: Case, found: CasePage, by: User) -> bytes:
    """The PDF (PDF/UA-1) of the last report of a case: filed, or marked as a draft."""
    return pdf_of(SOURCE, contents(case, found), by.login)


def contents(case: Case, found: CasePage) -> dict[str, Any]:
    """All words of the paper, ready to print."""
    filing = found.filings[0] if found.filings else None
    draft = filing is None or filing.filed_on is None
    facts = [
        [_("Case"), str(case.pk)],
        [_("About"), case.subject],
        [_("Handed over on"), _day(timezone.localdate(case.made_at))],
        [_("Noticed on"), _day(case.noticed_on)],
        [_("Amounts and accounts"), case.amount or formats.NO_FIGURE],
        [_("Reference of the FIU"), filing.reference if filing and filing.reference else formats.NO_FIGURE],
        [_("Filed on"), _day(filing.filed_on if filing else None)],
    ]
    return {
        "lang": formats.language()[:2],
        "bank": settings.BANK_NAME,
        "title": _("Suspicious activity report"),
        "draft": _("Draft: not filed") if draft else "",
        "secret": _("Confidential. That this report exists may not be disclosed (AMLR Art. 73)."),
        "facts": facts,
        "parties": _parties(found),
        "blocks": [
            [_("What struck us"), str(case.get_ground_display())],
            [_("Facts and grounds"), (filing.grounds if filing else "") or formats.NO_FIGURE],
            [_("Payments or acts that wait"), (filing.wanted if filing else "") or formats.NO_FIGURE],
        ],
        "words": {
            "parties": _("Persons and companies"),
            "name": _("Name"),
            "born": _("Born or founded"),
            "countries": _("Countries"),
            "papers": _("Papers"),
            "page": _("Page"),
            "of": _("of"),
        },
        "made": _day(timezone.localdate()),
    }


def _parties(found: CasePage) -> list[list[str]]:
    """Who is on the client's file, as the FIU identifies them."""
    if found.facts is None:
        return []
    papers: dict[int, list[str]] = {}
    for paper in found.facts.identifiers:
        papers.setdefault(paper.party_id, []).append(
            f"{paper.get_kind_display()} {formats.country_name(paper.country)} {paper.number}"
        )
    return [
        [
            party.name,
            _day(party.born_on),
            formats.country_names(f"{party.nationality} {_elsewhere(party)}") or formats.NO_FIGURE,
            "; ".join(papers.get(party.pk, [])) or formats.NO_FIGURE,
        ]
        for party in found.facts.parties
    ]


def _elsewhere(party: Any) -> str:
    return party.residence if party.residence != party.nationality else ""


def _day(day: Any) -> str:
    return formats.day_text(day, formats.language()) if day else formats.NO_FIGURE
