"""What may be so about a client file as a whole. Pure: no Django, dates are arguments."""


def refusals_to_add_to_file(state: str) -> list[str]:
    """A closed file stays as it was closed."""
    return ["The file is closed: nothing more can be added."] if state == "closed" else []
