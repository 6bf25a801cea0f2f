"""A password that nobody else knows: an administrator starts it, its owner sets it with a code from a mail.

For who is new and for who forgot (ASVS V6.4.1, V6.4.6). The administrator never sees the code, which works
once and for half an hour, and is no password itself. It leads round no second factor: whoever has set a
password logs in with it, and shows the factor as ever.
"""

from datetime import timedelta
from uuid import uuid4

from allauth.account.adapter import get_adapter as accounts
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from audit.record import record
from jobs import actions as jobs
from staff import rules
from staff.login import oidc, throttle
from staff.login.codes import hashed, new_code
from staff.models import PasswordCode, User

JOB = "staff.password_code"


def refusals_to_start(person: User) -> list[str]:
    sends = not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")
    return rules.refusals_to_start_password(
        person.is_active, oidc.comes_by_bank(person), bool(person.email), sends
    )


def make_code(person: User) -> str:
    """The person's one code; one of before opens nothing from now on."""
    code = new_code()
    ends_at = timezone.now() + timedelta(minutes=rules.PASSWORD_CODE_MINUTES)
    PasswordCode.objects.update_or_create(user=person, defaults={"digest": hashed(code), "ends_at": ends_at})
    return code


def ask_for_code(person: User) -> None:
    """A worker makes the code and mails it (staff/tasks.py): the web reaches no mail server, and until the
    mail is written there is no code that anybody could read."""
    jobs.ask(JOB, f"{JOB}:{person.pk}:{uuid4()}", person=person.pk)


def mail_code(person: User) -> None:
    """To the person alone and past the outbox, which others read. Raises where no mail is taken."""
    if refusals_to_start(person):
        return  # no longer so
    code = make_code(person)
    with translation.override(person.language):
        subject = _("Set your password for RM CRM")
        lines = [
            _(
                "An administrator started a new password for you. Set it within {minutes} minutes here:"
            ).format(minutes=rules.PASSWORD_CODE_MINUTES),
            settings.BASE_URL + reverse("account_password_start"),
            "",
            _("Your login: {login}").format(login=person.login),
            _("Your code, for this once: {code}").format(code=code),
            "",
            _("You did not ask for it? Leave it, and tell whoever looks after RM CRM."),
        ]
    EmailMessage(subject, "\n".join(lines), to=[person.email]).send()


def set_password(request: HttpRequest, *, login: str, code: str, password: str) -> dict[str, list[str]]:
    """Why it was not set, by field of the form: too often, not this code, or no good password (the code then
    stays good); {} when it was.

    A login that nobody has, a code of somebody else and one that is over take the same questions.
    """
    try:
        attempt = throttle.spend(request, login)
    except throttle.TooOften as too_often:
        return {"code": [too_often.sentence]}
    with transaction.atomic():
        held = (
            PasswordCode.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(user__login=login, user__is_active=True, digest=hashed(code), ends_at__gt=timezone.now())
            .first()
        )
        if held is None or oidc.comes_by_bank(held.user):
            record("password code refused", by=None, subject=User.objects.filter(login=login).first())
            return {"code": [_("This code does not fit, or its half hour is over. Ask for a new one.")]}
        throttle.give_back(attempt)
        try:
            validate_password(password, held.user)
        except ValidationError as error:
            return {"password1": error.messages}
        accounts().set_password(held.user, password)
    return {}
