"""make_token: a person's key to the API, shown once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from rest_framework.authtoken.models import Token

from audit.record import record
from staff.login import notices
from staff.models import User


class Command(BaseCommand):
    help = "Give a person a new API token and print it. The one before opens nothing from now on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(login=options["login"], is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody who works here has the login {options['login']}.")
        with transaction.atomic():
            Token.objects.filter(user=person).delete()
            token = Token.objects.create(user=person)
            record("API token made", by=None, subject=person, why="make_token")
            notices.tell(person, notices.What.TOKEN)
        self.stdout.write(token.key)
