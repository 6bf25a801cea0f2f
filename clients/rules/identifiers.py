"""Numbers by which a person can be found elsewhere: shown by their end, and in full only on request."""

HIDDEN = "••••"


def masked(text: str) -> str:
    """`•••• 2957`: enough to tell two accounts apart and to compare with a paper; never half of a short one.

    A day of birth keeps its year, by which an age is known.
    """
    if len(text) == 10 and text[4] == text[7] == "-":
        return f"{HIDDEN} {text[:4]}"
    signs = "".join(sign for sign in text if sign.isalnum())
    keep = 4 if len(signs) >= 8 else 2 if len(signs) >= 5 else 0
    return f"{HIDDEN} {signs[-keep:]}" if keep else HIDDEN


def refusals_to_show(shown: int, most: int) -> list[str]:
    """The day's measure of a person: whoever copies a book number by number comes to its end."""
    if shown < most:
        return []
    return [
        f"You have looked at {shown} numbers today, as many as your role may in a day. Tomorrow you may"
        " again; if a client waits, ask a compliance officer to look it up."
    ]
