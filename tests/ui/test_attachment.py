"""A file of ours is saved, never shown: whatever it holds and however it is called."""

import io

import pytest

from ui.pages import attachment


@pytest.mark.parametrize("content", [b"<script>", "<script>", io.BytesIO(b"<script>")])
def test_it_is_saved_and_runs_nothing(content):
    answer = attachment(content, "öffnen.html", "text/html")
    assert answer.headers["Content-Disposition"] == "attachment; filename*=utf-8''%C3%B6ffnen.html"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert b"".join(answer) == b"<script>"
