"""What our logs say: where it broke, and no value: PostgreSQL quotes in its errors what it was given."""

import json
import logging
import re
from copy import copy
from traceback import format_tb

from django.conf import settings

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _shown(sign: re.Match[str]) -> str:
    return sign[0].encode("unicode_escape").decode("ascii")


class WithoutValues(logging.Formatter):
    """An exception as its class and its stack, without its message; the same for what caused it."""

    def format(self, record: logging.LogRecord) -> str:
        record = copy(record)  # other handlers get the record as it was
        record.exc_text = None  # what another formatter may have left there
        if isinstance(record.args, dict) and "exc" in record.args:  # celery tells the error in words
            record.args = {**record.args, "exc": "an error", "traceback": ""}
        if record.args:  # what is filled in may come from an address: it begins no line of its own
            record.msg, record.args = CONTROL.sub(_shown, record.getMessage()), None
        return super().format(record)

    def formatException(self, ei) -> str:
        error, lines, told = ei[1], [], set()
        while error is not None and id(error) not in told:
            told.add(id(error))
            kind = type(error)
            lines += [f"{kind.__module__}.{kind.__qualname__} at\n", *format_tb(error.__traceback__)]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "".join(lines).rstrip("\n")


class NothingOfTheCompartment(logging.Filter):
    """No line tells that somebody reports a suspicion or works one (docs/adr/0009).

    Django writes down every address that it answered with 4xx: a form with a field missing, a case decided
    before. Only that something broke there is told, and not where the form was sent.
    """

    ROOM = "/suspicion/"

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is None or not request.path.startswith(self.ROOM):
            return True
        record.msg, record.args = f"Something broke: {self.ROOM}", None
        return record.levelno >= logging.ERROR


def what_was_stopped(report: bytes) -> str:
    """Of a browser's report only which rule of our policy it was: any address in it may name a client."""
    try:
        told = json.loads(report)["csp-report"]
        word = str(told.get("effective-directive") or told.get("violated-directive"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""
    plain = word.removesuffix("-elem").removesuffix("-attr")
    return plain if plain in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] else "something else"
