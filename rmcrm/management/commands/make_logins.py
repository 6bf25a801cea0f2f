"""make_logins: fresh passwords for the cast of the demo bank, in a file only its owner reads."""

import json
import os
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from staff.models import User

CAST = ["rita", "theo", "cora", "otto", "mira"]
_SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"  # without what is mistaken for something else


class Command(BaseCommand):
    help = "Give Rita, Theo, Cora, Otto and Mira of the demo bank new passwords."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--file", type=Path, default=None, help="RMCRM_HOME/demo-logins.json if not given"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("These are logins of the demo bank. A colleague gets one by start_password.")
        path: Path = options["file"] or settings.HOME / "demo-logins.json"
        logins: dict[str, dict[str, str]] = {}
        with transaction.atomic():
            for login in CAST:
                user = User.objects.filter(login=login).first()
                if user is None:
                    raise CommandError(f"There is no {login} here. make_bank makes the demo bank first.")
                password = "-".join("".join(secrets.choice(_SIGNS) for _ in range(5)) for _ in range(4))
                user.set_password(password)
                user.save(update_fields=["password"])
                logins[login] = {"login": login, "password": password}
            self._write(path, logins)
        for login, pair in logins.items():
            self.stdout.write(f"{login:<6} {pair['password']}")

    def _write(self, path: Path, logins: dict[str, dict[str, str]]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(path.name + ".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(logins, file, indent=1)
            file.write("\n")
        new.replace(path)
