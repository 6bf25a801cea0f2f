"""make_person: somebody new works here."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from audit.record import record
from rmcrm.management.commands.start_password import start
from staff.models import Team, User
from staff.roles import Role


class Command(BaseCommand):
    help = (
        "Make an account for a colleague. It has no password: a code goes to the colleague's mail, as by "
        "start_password; whoever comes in by the bank's identity provider is linked by link_identity instead."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=[str(role) for role in Role])
        parser.add_argument("--email", default="")
        parser.add_argument("--team", type=int, help="the number of the team")
        parser.add_argument("--by-bank", action="store_true", help="comes in by the bank: mail no code")
        parser.add_argument("--why", required=True, help="for the audit, such as the number of the ticket")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["team"] is not None and not Team.objects.filter(pk=options["team"]).exists():
            raise CommandError(f"There is no team {options['team']}.")
        given = {name: options[name] for name in ("login", "name", "role", "email")}
        person = User(**given, team_id=options["team"])
        person.set_unusable_password()
        try:
            person.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        with transaction.atomic():
            person.save()
            told = {"role": person.role, "team": person.team_id}
            record("person made", by=None, subject=person, why=options["why"], payload=told)
            if not options["by_bank"]:
                start(self, person, options["why"])
        self.stdout.write(f"{person.login} works here now, as {person.role_label}.")
