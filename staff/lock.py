"""THE LOCK for writing: every business verb is wrapped by @action. Reading: clients/access.py.

One transaction: lock the subject, its book and the membership -> only then, with fresh statements: visible?
permitted? -> run -> audit event, with the version of every rule pack that was read -> after commit wake the
follow-up. Checking before locking would let a handover slip in between.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar, cast

from django.apps import apps
from django.db import connection, models, transaction
from django.utils.module_loading import import_string

from audit.record import judging, record
from staff.login.confirmation import demand
from staff.models import User
from staff.roles import May
from ui.refusals import NotPermitted, NotVisible

P = ParamSpec("P")
R = TypeVar("R")
Verb = Callable[Concatenate[Any, P], R]


def action(
    may: May,
    said: str,
    *,
    on: str = "",
    hold: Literal["change", "parent", "move"] = "change",
    remember: tuple[str, ...] = (),
    then: str = "",
    journal: Callable[..., None] = record,
    step_up: bool = False,
) -> Callable[[Verb[P, R]], Verb[P, R]]:
    """Make a function a business verb: `verb(subject, *, by=person, ...)`.

    may       the permission it takes (staff/roles.py)
    said      what the audit says, past tense: "interaction logged"
    on        the model of `subject`, "clients.Client". Callers pass an instance or an id; the verb gets the
              locked, freshly read instance. Empty for what hangs on no client: the verb then gets None.
    hold      "change" locks the subject for update; "parent" is for creating below it (FOR KEY SHARE), so
              that two colleagues can log calls with one client at once; "move" (FOR UPDATE) also waits for
              those and is for whatever changes who sees the file.
    remember  names of keyword arguments whose values (ids, codes) go into the audit payload
    then      dotted path of a Celery wake-up to call after commit; it takes no arguments
    journal   where it is recorded: the audit, or for a room that stands apart its own
    step_up   who does it must have shown a short while ago who he or she is (staff/login/confirmation.py)

    Raises NotVisible (missing or foreign), NotPermitted, Unconfirmed, and whatever refusal the verb raises.
    """

    def wrap(verb: Verb[P, R]) -> Verb[P, R]:
        @wraps(verb)
        def guarded(subject: Any, *args: P.args, **kwargs: P.kwargs) -> R:
            by = cast(User, kwargs["by"])
            with transaction.atomic(), judging() as packs:
                held, path, client_id = _hold(on, subject, by, hold) if on else _hold_person(by)
                _check(by, may)
                if step_up:
                    demand()
                result = verb(held, *args, **kwargs)
                if isinstance(result, models.Model) and client_id is None:
                    made_file = result._meta.label == "clients.Client"
                    client_id = result.pk if made_file else getattr(result, "client_id", None)
                told = {name: _plain(kwargs[name]) for name in remember if name in kwargs}
                journal(
                    said,
                    by=by,
                    subject=result if isinstance(result, models.Model) else held,
                    client_id=client_id,
                    path=path,
                    payload=told | ({"rule_packs": packs} if packs else {}),
                )
                if then:
                    transaction.on_commit(import_string(then).wake)
            return result

        guarded.may = may  # type: ignore[attr-defined]  # buttons ask which permission a verb takes
        return guarded

    return wrap


def _check(by: User, may: May) -> None:
    if not by.may(may):
        raise NotPermitted(may)


def _hold(on: str, subject: Any, by: User, how: str) -> tuple[models.Model, str, int | None]:
    """Lock, then look: (the locked instance, the right by which `by` reaches it, its client's id)."""
    pk = subject.pk if isinstance(subject, models.Model) else subject
    # The manager is clients.access.FileManager: this room is below it and knows only this one method.
    held = apps.get_model(on)._default_manager.hold(pk, by, how)  # type: ignore[attr-defined]
    if held is None:
        raise NotVisible(f"{on} {pk}")
    return cast(tuple[models.Model, str, int | None], held)


def _hold_person(by: User) -> tuple[None, str, None]:
    """What hangs on no client also asks who `by` is now: done before an account or a role ends, or never.

    Held for others to read: whoever changes the person waits. A shift is nobody's account.
    """
    if by.pk is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT role, is_active, team_id FROM staff_user WHERE id = %s FOR SHARE", [by.pk])
            row = cursor.fetchone()
        if row is None:
            raise NotPermitted("staff", "")
        by.role, by.is_active, by.team_id = row
    return None, "", None


def one_after_the_other(what: str, by: User) -> None:
    """Two of this by one person at once: the second begins when the first is done, and so counts it.

    A lock of its own: the person's row is held for reading by both (above), and neither could change it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s::int)", [what, by.pk])


def _plain(value: Any) -> Any:
    """What JSON can hold: an id for a row, text for the rest."""
    if isinstance(value, models.Model):
        return value.pk
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return str(value)
