"""The lists someone comes back to."""

from staff.lock import action
from staff.models import SavedView, User
from staff.roles import May


@action(May.VIEWS_SAVE, "view saved")
def save_view(_: None, *, by: User, page: str, name: str, query: str) -> SavedView:
    """Keep the filters of a list under a name; the same name again replaces them."""
    view, _created = SavedView.objects.update_or_create(
        user=by, page=page, name=name, defaults={"query": query}
    )
    return view


@action(May.VIEWS_SAVE, "view removed", remember=("view_id",))
def remove_view(_: None, *, by: User, view_id: int) -> None:
    SavedView.objects.filter(pk=view_id, user=by).delete()
