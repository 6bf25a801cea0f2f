"""What the pages of onboarding show."""

from onboarding.selectors.openings import (
    KIND,
    Line,
    Waiting,
    Workspace,
    begun,
    document_label,
    find,
    onboarding_list,
    waiting,
    workspace,
)

__all__ = [
    "KIND",
    "Line",
    "Waiting",
    "Workspace",
    "begun",
    "document_label",
    "find",
    "onboarding_list",
    "waiting",
    "workspace",
]
