"""What the record of a contact must hold, line by line. MiFID II 2017/565 Art. 76(9). Pure.

The same lines are told to the author while the record can be corrected and to the officer who reviews it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FACE_TO_FACE = ("meeting", "visit")
RECORDED = ("call", "video")  # conversations that the bank records when they lead to advice or an order
WORDS = 3  # a summary of fewer says nothing to a third person


@dataclass(frozen=True)
class RecordLine:
    """One thing the record must hold. `met` by the look of the system; the sentence says what is there."""

    code: str
    label: str
    met: bool
    sentence: str


def record_lines(told: Mapping[str, Any]) -> list[RecordLine]:
    """Every line that is asked of this contact, met or not.

    told  channel, outbound, purpose, at, place, attendees, colleagues (their names), by (the author's name),
          jurisdiction, summary, products, advice_given, order_details, inducement, recording, follow_up,
          off_channel, late_reason; labels in words
    """
    order = bool(told["order_details"])
    direction = "we began it" if told["outbound"] else "the client began it"
    lines = [
        RecordLine("time", "Date and time", True, f"{told['at']:%d %b %Y, %H:%M}"),
        _line(
            "channel",
            "Channel and direction",
            not told["off_channel"],
            f"{told['channel_label']}, {direction}.",
            f"{told['channel_label']}, on a channel that the bank does not record.",
        ),
        _line(
            "purpose",
            "Purpose and what was said",
            len(told["summary"].split()) >= WORDS,
            f"{told['purpose_label']}: {told['summary']}",
            "The summary says too little for a third person.",
        ),
        RecordLine("bank", "Attendees of the bank", True, ", ".join([told["by"], *told["colleagues"]])),
    ]
    if told["late_reason"]:
        lines.append(RecordLine("late", "Logged in time", False, f"Logged late: {told['late_reason']}"))
    if told["channel"] in FACE_TO_FACE:
        lines += [_field(code, told) for code in ("place", "attendees")]
    if told["advice_given"] or order:  # what Art. 76 is about: services that relate to orders
        lines += [_field(code, told) for code in ("jurisdiction", "products", "inducement", "follow_up")]
        if told["channel"] in RECORDED:
            lines.append(_field("recording", told))
    if order:
        title = "Order: price, volume, type, when to transmit"
        lines.append(RecordLine("order", title, True, told["order_details"]))
    return lines


# Field -> (what is asked, what is said where it is empty).
_FIELDS = {
    "place": ("Place", "Where it took place is not said."),
    "attendees": ("Attendees of the client", "Who was there for the client is not said."),
    "jurisdiction": (
        "Country where the client was",
        "From which country the client was advised is not said.",
    ),
    "products": ("Products discussed", "Advice was given or an order taken, and no product is named."),
    "inducement": ("Inducement or gift", "Whether there was one is not said; “none” is an answer."),
    "follow_up": ("Follow-up", "What was agreed next is not said; “none” is an answer."),
    "recording": ("Recording", "A conversation like this is recorded, and the recording is not named."),
}


def _field(code: str, told: Mapping[str, Any]) -> RecordLine:
    label, missing = _FIELDS[code]
    return _line(code, label, told[code], told[code], missing)


# What is missing when advice has no whole record; compliance.selectors.sampling says the same in SQL.
def has_advice_gaps(told: Mapping[str, Any]) -> bool:
    """Advice was given or an order taken, and the record lacks what it then must hold."""
    counts = told["advice_given"] or told["order_details"]
    return bool(counts) and any(not line.met and line.code in _FIELDS for line in record_lines(told))


def _line(code: str, label: str, met: Any, said: str, missing: str) -> RecordLine:
    return RecordLine(code, label, bool(met), said if met else missing)
