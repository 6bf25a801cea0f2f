"""Whom a command is about."""

from django.core.management.base import CommandError

from staff.models import User


def person_of(login: str) -> User:
    """Whoever has this login, disabled or not; without one the command ends with a sentence."""
    person: User | None = User.objects.filter(login=login).first()
    if person is None:
        raise CommandError(f"Nobody has the login {login}.")
    return person
