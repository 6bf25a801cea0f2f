"""An owner who is a client with a file of its own reads as that file does, and the rating follows."""

from clients.actions.owners import read_as_own_file
from clients.models import Client, Party
from compliance.actions.exposure import rate_anew
from staff.lock import action
from staff.models import User
from staff.roles import May


@action(May.CLIENTS_EDIT, "owner corrected", on="clients.Client", remember=("party_id",))
def renew_owner(client: Client, *, by: User, party_id: int) -> Party:
    """Names, day of birth and countries of now, as the own file tells them; compared with the lists anew."""
    party = read_as_own_file(client, party_id, by)
    rate_anew(client, by, "owner_change", None)
    return party
