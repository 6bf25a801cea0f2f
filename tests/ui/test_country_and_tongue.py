"""Codes are shown to people as words."""

from django.template import Context, Template
from django.utils.translation import override


def test_country_and_language_are_words_in_the_reader_s_language():
    page = Template('{% country "CH" %}, {% tongue "fr" %}, {% country "??" %}')
    with override("en"):
        assert page.render(Context()) == "Switzerland, French, ??"
    with override("de"):
        assert page.render(Context()) == "Schweiz, Französisch, ??"
