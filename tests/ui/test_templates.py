"""No template of any room may need what our Content-Security-Policy forbids."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a <style> element": re.compile(r"<style\b", re.I),
    "an inline event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "htmx that evaluates text": re.compile(r"hx-on|[\"']\s*js:|hx-trigger=\"[^\"]*\["),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "Bootstrap's script, which we do not load (popovertarget, <dialog>, <details>)": re.compile(
        r"data-bs-toggle"
    ),
    "an address of another host": re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", re.I),
}
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}|<!--.*?-->", re.S)
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.I | re.S)


def source(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def named(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_needs_nothing_that_the_policy_forbids(path):
    text = source(path)
    # Tags of the template language may contain < and quotes; they print no markup that we look for here.
    text = re.sub(r"{[%{].*?[%}]}", "x", text, flags=re.S)
    for what, pattern in FORBIDDEN.items():
        assert not (found := pattern.search(text)), f"{what}: {found[0]}"
    for attributes, body in SCRIPT.findall(text):
        assert not body.strip() or "nonce" in attributes or "application/json" in attributes, (
            "an inline script"
        )


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_can_be_parsed(path):
    engines["django"].get_template(named(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_comment_does_not_run_over_its_line(path):
    """Django prints {# … #} that spans lines."""
    for line in path.read_text(encoding="utf-8").splitlines():
        assert line.count("{#") == line.count("#}")


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_where_nothing_is_a_sentence_says_why(path):
    """Behind `only` nothing is known that is not handed over: the icon would stand there alone."""
    for tag in re.findall(r"{% include \"ui/empty.html\"[^%]*%}", source(path)):
        assert " only %}" not in tag or " sentence=" in tag, tag


# Sent twice they say the same, and sent later once more they are to do it once more, which a key would stop.
SWITCHES = ("logout", "{% url 'screen' %}", "{{ screen_url }}")
ASKS = 'role="search"'  # writes nothing: what is typed is posted to stand in no address (ADR 24)


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_post_form_carries_the_token_and_the_key(path):
    if named(path).startswith(("account/", "allauth/", "mfa/")):
        return  # allauth's own views: throttled, and done twice they do nothing twice
    for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", source(path), re.I | re.S):
        assert "{% csrf_token %}" in form
        assert "{% form_key %}" in form or any(switch in form for switch in (*SWITCHES, ASKS))


def test_own_scripts_evaluate_no_text_and_stay_small():
    folder = settings.BASE_DIR / "static" / "ui"
    for script in folder.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write", text), (
            script.name
        )
    assert len((folder / "rmcrm.js").read_text(encoding="utf-8").splitlines()) <= 150


def test_the_browser_keeps_one_word_on_the_theme_and_one_on_keys():
    stored = set()
    for script in (settings.BASE_DIR / "static" / "ui").glob("*.js"):
        text = script.read_text(encoding="utf-8")
        stored |= set(re.findall(r"localStorage\.setItem\(\"([^\"]+)\"", text))
        assert "sessionStorage" not in text
    assert stored == {"theme", "single-keys"}
