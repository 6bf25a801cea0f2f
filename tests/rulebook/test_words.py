"""A figure is told as people call it: one place of words, and the same as those of the rooms above."""

import pytest
from django.utils import timezone

from clients.models import DocumentKind, Kind, Risk, Segment
from compliance.models import AdverseNote, DeliveryChannel, RelationPurpose, SourceOfFunds
from needs.questions import BANDS, QUESTIONS
from portfolios.models import AssetClass, ProductKind
from rulebook import rules
from rulebook.rules import words
from rulebook.selectors import pack


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (words.SEGMENTS, dict(Segment.choices)),
        (words.DOCUMENTS, dict(DocumentKind.choices)),
        (words.FUNDS, dict(SourceOfFunds.choices)),
        (words.PURPOSES, dict(RelationPurpose.choices)),
        (words.PRODUCTS, dict(ProductKind.choices)),
        (words.CHANNELS, dict(DeliveryChannel.choices)),
        (words.CLASSES, {code: told for code, told in AssetClass.choices if code != "cash"}),
        (words.BANDS, {str(band): told for band, told in BANDS.items()}),
        (words.RISKS, {code: told.lower() for code, told in Risk.choices}),
    ],
)
def test_a_code_is_called_alike_in_a_pack_and_in_its_room(ours, theirs):
    assert ours == {code: str(told) for code, told in theirs.items()}


def test_kinds_severities_questions_and_answers_are_those_of_their_rooms():
    assert set(words.KINDS) == set(Kind.values)
    assert set(AdverseNote.Severity.values) <= set(words.RISKS)
    for code, question in QUESTIONS.items():
        if code in words.QUESTIONS:
            assert words.QUESTIONS[code] == question.text
            for answer, told in question.choices:
                assert words.ANSWERS[answer] == told or answer == "none", (code, answer)


@pytest.mark.parametrize("name", sorted(rules.PACKS))
def test_no_raw_key_is_shown(db, name):
    """A label, a sentence, a source and a heading each; of a number its unit; no code left over."""
    known = rules.PACKS[name]
    for path, value in rules.leaves(pack(name, timezone.localdate()).body):
        figure, label = rules.explained(known, path)
        told = (label, rules.section_of(known, path), figure.meaning, figure.source)
        assert all(told), path
        assert not any(sign in text for text in told[:2] for sign in "_{}*"), (path, told)
        assert figure.unit or isinstance(value, bool), path
        stars = [
            key for want, key in zip(figure.pattern.split("."), path.split("."), strict=True) if want == "*"
        ]
        assert len(figure.keys) >= len(stars), path
        for names, star in zip(figure.keys, stars, strict=False):
            assert names is words.COUNTRIES or star in names, (path, star)
        if figure.unit == "codes":
            assert set(value if isinstance(value, list) else [value]) <= set(figure.choices), path
            assert "_" not in rules.value_words(figure, value)
