"""The form for everyone, and the desk of the MLRO's team."""

from suspicion.views.cases import (
    access,
    assessment,
    case,
    client_found,
    decision,
    document,
    draft,
    filing,
    fiu_answer,
    hold,
    note_new,
    paper,
    removal,
)
from suspicion.views.desk import desk, journal, request, request_new
from suspicion.views.reporting import report

__all__ = [
    "access",
    "assessment",
    "case",
    "client_found",
    "decision",
    "desk",
    "document",
    "draft",
    "filing",
    "fiu_answer",
    "hold",
    "journal",
    "note_new",
    "paper",
    "removal",
    "report",
    "request",
    "request_new",
]
