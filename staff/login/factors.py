"""The second factor: security keys first, codes of an app second, recovery codes when both are at home."""

from typing import Any, cast

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.adapter import get_adapter as mfa
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from audit.record import record
from staff.login import notices, recovery, throttle
from staff.login.confirmation import confirm
from staff.models import User
from staff.requests import StaffRequest
from staff.sealing import seal, unseal

FACTORS = [Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP]  # recovery codes alone are none


def factors_of(user: User) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=user, type__in=FACTORS).order_by("created_at"))


def has_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def must_set_up(request: StaffRequest) -> bool:
    """Does the bank demand a second factor that this person lacks? Found once, it is not asked again."""
    if settings.MFA != "required" or request.session.get("factor") == str(request.user.pk):
        return False
    if has_factor(request.user):
        remember_factor(request, request.user)
        return False
    return True


def remember_factor(request: HttpRequest, person: User) -> None:
    """Whose it is stands with it: a session may have been somebody else's before."""
    request.session["factor"] = str(person.pk)


class HasFactor(BasePermission):
    """The same for who comes by an API token, whom DRF knows only after every middleware has let pass."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if (
            settings.MFA == "required"
            and request.auth is not None
            and not has_factor(cast(User, request.user))
        ):
            raise PermissionDenied(
                _("Set up a second factor first, in the browser."), code="second_factor_required"
            )
        return True


def revoke(user: User) -> int:
    """Take all factors and codes away: lost key, lost phone. The next login leads to setting up new ones."""
    many, _kinds = Authenticator.objects.filter(user=user).delete()
    return many


class Factors(DefaultMFAAdapter):
    """Secrets sealed in the database; the address we are reached at as the relying party."""

    def encrypt(self, text: str) -> str:
        return seal("factor", text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal("factor", encrypted_text) or ""  # an unreadable secret fits no code

    def get_totp_issuer(self) -> str:
        return settings.BANK_NAME

    def get_totp_label(self, user: Any) -> str:
        return user.login

    def _get_user_identifier(self, user: Any) -> str:
        return user.login

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Where a factor is demanded, the last one stays until there is another."""
        if settings.MFA != "required" or authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        return len(factors_of(authenticator.user)) > 1


# --- codes: five tries in five minutes, each code once, whatever becomes of Redis -----------------------


def fits(authenticator: Authenticator, code: str) -> bool:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return recovery.fits(authenticator, code)
    with transaction.atomic():
        held = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        secret = mfa().decrypt(held.data["secret"])
        # Nothing from before the last code that was taken, nor the one by which the app was set up.
        used = max(held.data.get("counter", 0), int(held.created_at.timestamp()) // 30)
        for counter in totp.yield_hotp_counters_from_time():
            expected = totp.format_hotp_value(totp.hotp_value(secret, counter)) if secret else ""
            if counter > used and totp.compare_user_code(actual=code, expected=expected):
                held.data["counter"] = counter
                held.save(update_fields=["data"])
                return True
    return False


class _Told:
    """What becomes of a try is told by the two kinds of forms below, each in its own words."""

    user: User
    cleaned_data: dict[str, Any]

    def passed(self, how: str) -> None: ...

    def failed(self, how: str) -> None: ...


class _Codes(_Told):
    """The code of an app, or a recovery code."""

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        try:
            attempt = throttle.spend(context.request, self.user.login, throttle.Kind.CODE)
        except throttle.TooOften as too_often:
            raise ValidationError(too_often.sentence) from too_often
        for each in Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN):
            if fits(each, code):
                throttle.give_back(attempt)
                self.authenticator = each
                if each.type == Authenticator.Type.RECOVERY_CODES:
                    record("recovery code used", by=self.user, subject=self.user)
                    notices.tell(self.user, notices.What.CODE_USED)
                self.passed(each.type)
                return code
        self.failed("code")
        raise mfa().validation_error("incorrect_code")


class _Keys(_Told):
    """A security key, which cannot be guessed: it is not counted."""

    def clean_credential(self) -> Authenticator:
        try:
            found: Authenticator = super().clean_credential()  # type: ignore[misc]  # of allauth's form
        except ValidationError:
            self.failed(Authenticator.Type.WEBAUTHN)
            raise
        self.passed(Authenticator.Type.WEBAUTHN)
        return found


class _AtLogin(_Told):
    """After the password. That it was right, `logged in` tells."""

    def failed(self, how: str) -> None:
        record("login failed", by=None, subject=self.user, payload={"with": how})
        notices.tell(self.user, notices.What.HALF)


class _Again(_Told):
    """For who is logged in and shows anew who it is."""

    def passed(self, how: str) -> None:
        confirmed(context.request, how)

    def failed(self, how: str) -> None:
        record("confirmation failed", by=self.user, subject=self.user, payload={"with": how})


class CodeForm(_AtLogin, _Codes, AuthenticateForm): ...


class CodeAgainForm(_Again, _Codes, ReauthenticateForm): ...


class KeyForm(_AtLogin, _Keys, AuthenticateWebAuthnForm): ...


class KeyAgainForm(_Again, _Keys, ReauthenticateWebAuthnForm): ...


def confirmed(request: HttpRequest, how: str) -> None:
    confirm(request.session)
    record("confirmed who it is", by=request.user, subject=request.user, payload={"with": how})
    if "kept" not in request.session:  # a button: where something was typed, the page of the form says so
        messages.info(request, _("Confirmed. Nothing was done yet: do it now."))
