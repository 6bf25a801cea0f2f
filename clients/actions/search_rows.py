"""What a search finds, kept current inside the verb that changed it."""

from clients.models import Client, ContactPoint, Party, SearchKey, SearchName, SearchWord
from clients.words import account_key, key_of, words_of


def index_file(client: Client) -> None:
    """Make a file findable by all its names, phones, e-mail addresses and its number. 5 queries.

    Account numbers come from portfolios by add_account_key and are left alone.
    """
    parties = Party.objects.filter(client=client).values_list("name", "native_name")
    words = words_of(client.name, *(name for pair in parties for name in pair))
    SearchName.objects.update_or_create(client=client, defaults={"words": words})
    SearchWord.objects.bulk_create([SearchWord(word=word) for word in words], ignore_conflicts=True)
    points = ContactPoint.objects.filter(client=client).exclude(kind=ContactPoint.Kind.ADDRESS)
    values = [client.number, *points.values_list("value", flat=True)]
    _add_keys(client, {key_of(value) for value in values})


def add_search_key(client: Client, value: str) -> None:
    """Make a file findable by one more phone, address or client number. 2 queries."""
    _add_keys(client, {key_of(value)})


def add_account_key(client: Client, number: str) -> None:
    """Make a file findable by the whole number of an account. 2 queries."""
    _add_keys(client, {account_key(number)})


def remove_search_key(client: Client, value: str) -> None:
    SearchKey.objects.filter(client=client, key=key_of(value)).delete()


def _add_keys(client: Client, keys: set[str]) -> None:
    known = set(SearchKey.objects.filter(client=client, key__in=keys).values_list("key", flat=True))
    SearchKey.objects.bulk_create([SearchKey(client=client, key=key) for key in sorted(keys - known) if key])
