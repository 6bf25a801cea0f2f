"""How staff log in: allauth, without sign-up, without a word about who exists."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the bank, never by a visitor."""

    def is_open_for_signup(self, request) -> bool:
        return False
