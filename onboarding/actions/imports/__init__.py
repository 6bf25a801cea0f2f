"""A bank's own clients come in by a file: uploaded, mapped, checked, loaded whole or not at all, undone."""

from onboarding.actions.imports.checking import ask_check, check_import
from onboarding.actions.imports.files import discard_import, map_columns, refuse_work, upload_clients
from onboarding.actions.imports.loading import ask_load, load_import
from onboarding.actions.imports.undoing import ask_undo, count_touched, undo_import

__all__ = [
    "ask_check",
    "ask_load",
    "ask_undo",
    "check_import",
    "count_touched",
    "discard_import",
    "load_import",
    "map_columns",
    "refuse_work",
    "undo_import",
    "upload_clients",
]
