"""Recovery codes: for the day when neither key nor phone is at hand. Ten, each for once, shown once.

allauth derives its codes from a seed that it keeps; ours are kept as hashes, so that whoever reads the
database, and has the secret key too, finds none.
"""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest

from staff.login.codes import LENGTH, RECOVERY, hashed, new_code, plain
from staff.models import User
from staff.sealing import seal, unseal

TO_BE_SHOWN = 10 * 60  # seconds


@transaction.atomic
def make(request: HttpRequest, person: User) -> None:
    """New ones in place of those before. They wait sealed in the person's session for the page that shows
    them, and stand nowhere else."""
    User.objects.select_for_update().get(pk=person.pk)  # two at once make one set
    codes = [new_code() for _ in range(RECOVERY)]
    _of(person).delete()
    kept = [hashed(code) for code in codes]
    Authenticator.objects.create(user=person, type=Authenticator.Type.RECOVERY_CODES, data={"hashes": kept})
    request.session["codes"] = seal("recovery codes", {"of": person.pk, "codes": codes})


def take_to_show(request: HttpRequest, person: User) -> list[str]:
    """The codes just made, once; [] ever after."""
    found = unseal("recovery codes", request.session.pop("codes", ""), within=TO_BE_SHOWN)
    return found["codes"] if found and found["of"] == person.pk else []


def left(person: User) -> int | None:
    """How many are not used yet; None where none were ever made."""
    held = _of(person).first()
    return len(held.data.get("hashes", [])) if held else None


def fits(authenticator: Authenticator, typed: str) -> bool:
    """Is it one of them? From now on it is none."""
    if len(plain(typed)) != LENGTH:
        return False
    with transaction.atomic():
        held = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        kept, one = held.data.get("hashes", []), hashed(typed)
        if one not in kept:
            return False
        held.data["hashes"] = [each for each in kept if each != one]
        held.save(update_fields=["data"])
    return True


def _of(person: User):
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES)
