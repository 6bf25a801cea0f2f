"""What may be done with an import when: map, check, load, undo, discard."""

STEPS = {
    "map": {"uploaded", "checked"},
    "check": {"uploaded", "checked"},
    "load": {"checked"},
    "undo": {"loaded"},
    "discard": {"uploaded", "checked", "undone"},
}
_NOW = {
    "uploaded": "This import is not checked yet.",
    "checking": "This import is being checked. Wait until it is done.",
    "checked": "This import is checked, and not loaded yet.",
    "loading": "This import is being loaded. Wait until it is done.",
    "loaded": "This import is loaded already.",
    "undoing": "This import is being undone. Wait until it is done.",
    "undone": "This import was undone. Upload the file again.",
    "discarded": "This import was discarded. Upload the file again.",
}


def refusals_to(step: str, state: str) -> list[str]:
    return [] if state in STEPS[step] else [_NOW[state]]


def refusals_to_load(state: str, errors: int, fresh: int) -> list[str]:
    """All or nothing: one wrong line, and nothing is loaded."""
    refusals = refusals_to("load", state)
    if errors == 1:
        refusals.append("One cell is wrong, so nothing is loaded. Mend it in the file and upload it again.")
    elif errors:
        refusals.append(
            f"{errors:,} cells are wrong, so nothing is loaded. Mend them in the file and upload it again."
        )
    if state == "checked" and not errors and not fresh:
        refusals.append("Every client of this file is here already: there is nothing to load.")
    return refusals


def refusals_to_upload(loaded_as: int | None) -> list[str]:
    """The same file a second time."""
    if loaded_as is None:
        return []
    return [f"This very file is loaded already, as import {loaded_as}. Nothing was changed."]


def refusals_to_undo(state: str, touched: int) -> list[str]:
    """Only while nobody has worked on its clients since."""
    refusals = refusals_to("undo", state)
    if touched == 1:
        refusals.append("Somebody has worked on one of these clients since: it cannot be undone any more.")
    elif touched:
        refusals.append(
            f"Somebody has worked on {touched:,} of these clients since: it cannot be undone any more."
        )
    return refusals
