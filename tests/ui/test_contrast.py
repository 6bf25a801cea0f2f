"""WCAG 2.2 AA computed from the tokens in the style sheet: text 4.5:1, parts of controls 3:1, both themes."""

import re

import pytest
from django.conf import settings

CSS = (settings.BASE_DIR / "static" / "ui" / "rmcrm.css").read_text(encoding="utf-8")
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--rm-([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", CSS)
}
GROUNDS = ("ground", "surface", "raised", "chosen")
TEXTS = (
    [
        (text, ground)
        for text in ("text", "link", "quiet", "late", "good", "warn", "info")
        for ground in GROUNDS
    ]
    + [(tone, f"{tone}-ground") for tone in ("good", "warn", "late", "info", "neutral")]
    + [("text", f"{tone}-ground") for tone in ("good", "warn", "late", "info", "neutral")]
    + [("link", f"{tone}-ground") for tone in ("good", "warn", "late", "info")]
    + [("quiet", "neutral-ground")]
    + [("nav-text", "nav"), ("white", "nav"), ("white", "nav-chosen"), ("white", "nav-count")]
    + [("white", "accent"), ("white", "accent-hover"), ("white", "late-solid")]
)
PARTS = (
    [("edge", ground) for ground in ("ground", "surface", "raised")]
    + [("focus", ground) for ground in (*GROUNDS, "neutral-ground")]
    + [
        ("link", "neutral-ground"),
        ("good", "neutral-ground"),
        ("warn", "neutral-ground"),
        ("late", "neutral-ground"),
    ]
    + [("accent", "surface"), ("white", "nav")]
)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def colour(token: str, theme: int) -> str:
    return "#ffffff" if token == "white" else TOKENS[token][theme]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), TEXTS)
def test_words_can_be_read(front, back, theme):
    assert contrast(colour(front, theme), colour(back, theme)) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), PARTS)
def test_edges_bars_and_focus_can_be_seen(front, back, theme):
    assert contrast(colour(front, theme), colour(back, theme)) >= 3


def test_no_colour_is_written_outside_the_tokens():
    """Else the computation above would be about other colours than the ones on screen."""
    rules = CSS.split("/* --- 2 ground", 1)[1].split("/* --- 9 print", 1)[0]
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", rules)) <= {"#fff"}
