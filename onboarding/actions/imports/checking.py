"""A file is checked line by line and staged: nothing of it is in the bank yet."""

import csv
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from django.db import connection
from django.utils import timezone

from onboarding.actions.imports.files import ask_for, forget, hold_import
from onboarding.importing import duplicates
from onboarding.importing.reading import BadLine, rows
from onboarding.importing.staging import StagingCopy
from onboarding.models import ClientImport, ImportProblem
from onboarding.rules.imports.mapping import refusals_to_use_mapping
from onboarding.rules.imports.rows import ERROR, Problem, RowChecker
from onboarding.rules.imports.steps import refusals_to
from onboarding.selectors import imports as shown
from staff.lock import action
from staff.models import User
from staff.night import NightShift
from staff.roles import May
from ui.refusals import refuse_if

CHUNK = 5_000  # lines a transaction
KEPT = 50_000  # problems of a file; all are counted

csv.field_size_limit(131_072)


@action(May.CLIENTS_IMPORT, "import check asked for", remember=("import_id",))
def ask_check(_: None, *, by: User, import_id: int) -> ClientImport:
    """A worker checks it; whoever asked may close the page."""
    found = _begin(import_id)
    return ask_for(found, ClientImport.State.CHECKING, "onboarding.check_import", by)


def check_import(
    import_id: int, *, by: User | NightShift, progress: Callable[[int, int], None] = lambda done, of: None
) -> ClientImport:
    """Check and stage every line, 5,000 a transaction. Begun again, it begins anew: safe to run twice."""
    found = begin_check(None, by=by, import_id=import_id)
    checker = RowChecker(shown.mapping_of(found), found.header, shown.known(by, timezone.localdate()))
    done = errors = kept = 0
    with found.file.open("rb") as file:
        lines = rows(file, found.title, shown.mapping_of(found).file)
        while chunk := _next(lines, checker):
            problems, checker.problems = checker.problems, []
            errors += sum(problem.kind == ERROR for problem in problems)
            stage_lines(None, by=by, import_id=import_id, lines=chunk, problems=problems[: KEPT - kept])
            kept = min(KEPT, kept + len(problems))
            done += len(chunk)
            progress(min(done, found.lines), found.lines)
    return finish_check(None, by=by, import_id=import_id, read=done, errors=errors)


def _next(lines: Any, checker: RowChecker) -> list[Any]:
    """The next lines as what they tell (None: wrong); the first one that cannot be split ends the file."""
    try:
        return [checker.check(line, cells) for line, cells in islice(lines, CHUNK)]
    except BadLine as bad:
        checker.problems.append(Problem(bad.line, "all", "", str(bad)))
        return [None]


def _begin(import_id: int) -> ClientImport:
    found = hold_import(import_id)
    refuse_if(refusals_to("check", found.state))
    refuse_if(refusals_to_use_mapping(shown.mapping_of(found), found.header))
    return found


@action(May.CLIENTS_IMPORT, "import check begun", remember=("import_id",))
def begin_check(_: None, *, by: User | NightShift, import_id: int) -> ClientImport:
    """Whatever an earlier try left is gone."""
    found = hold_import(import_id)
    if found.state != ClientImport.State.CHECKING:
        found = _begin(import_id)
    forget(found)
    found.state = ClientImport.State.CHECKING
    found.save()
    return found


@action(May.CLIENTS_IMPORT, "import lines checked", remember=("import_id",))
def stage_lines(
    _: None,
    *,
    by: User | NightShift,
    import_id: int,
    lines: Sequence[Any],
    problems: list[Problem],
) -> None:
    """Keep what these lines tell, and what is wrong in them."""
    found = hold_import(import_id)
    refuse_if(
        [] if found.state == ClientImport.State.CHECKING else ["This import is not being checked any more."]
    )
    with connection.cursor() as cursor:
        StagingCopy(cursor, import_id).put([told for told in lines if told is not None])
    ImportProblem.objects.bulk_create(shown.as_problems(found, problems), batch_size=2000)


@action(May.CLIENTS_IMPORT, "import checked", remember=("import_id", "read", "errors"))
def finish_check(_: None, *, by: User | NightShift, import_id: int, read: int, errors: int) -> ClientImport:
    """Compare what was staged with the bank and with itself, and count."""
    found = hold_import(import_id)
    with connection.cursor() as cursor:
        found.known = duplicates.mark_known(cursor, import_id)
        found.duplicates = duplicates.find(cursor, import_id)
    found.read, found.errors = read, errors
    found.fresh = found.staged.filter(known=False).count()
    found.warnings = found.problems.filter(kind=ImportProblem.Kind.WARNING).count()
    found.state, found.checked_at = ClientImport.State.CHECKED, timezone.now()
    found.save()
    return found
