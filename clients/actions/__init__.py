"""What can be done in a client file."""

from clients.actions.brake import release_brake
from clients.actions.contacts import (
    add_addendum,
    add_task,
    correct_interaction,
    finish_task,
    log_interaction,
    reopen_task,
    write_addendum,
)
from clients.actions.documents import drop_document, upload_document
from clients.actions.files import (
    add_contact_point,
    add_related_party,
    change_preferences,
    open_lead,
    remove_contact_point,
    rename,
)
from clients.actions.lending import cover_book, end_cover, lend_client, take_back
from clients.actions.owners import add_owner, change_share, correct_holding, end_holding, strike_holding
from clients.actions.search_rows import add_account_key, add_search_key, index_file, remove_search_key
from clients.actions.views import remove_view, save_view

__all__ = [
    "add_account_key",
    "add_addendum",
    "add_contact_point",
    "add_owner",
    "add_related_party",
    "add_search_key",
    "add_task",
    "change_preferences",
    "change_share",
    "correct_holding",
    "correct_interaction",
    "cover_book",
    "drop_document",
    "end_cover",
    "end_holding",
    "finish_task",
    "index_file",
    "lend_client",
    "log_interaction",
    "open_lead",
    "release_brake",
    "remove_contact_point",
    "remove_search_key",
    "remove_view",
    "rename",
    "reopen_task",
    "save_view",
    "strike_holding",
    "take_back",
    "upload_document",
    "write_addendum",
]
