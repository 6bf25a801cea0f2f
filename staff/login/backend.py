"""Whoever asks, with their team in the same query: whose clock a page is told by (rmcrm.middleware)."""

from allauth.account.auth_backends import AuthenticationBackend

from staff.models import User


class WithTeam(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        return User.objects.select_related("team").filter(pk=user_id, is_active=True).first()
