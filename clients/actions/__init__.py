"""What can be done in a client file."""

from clients.actions.contacts import add_task, finish_task, log_interaction, reopen_task
from clients.actions.documents import upload_document
from clients.actions.views import remove_view, save_view

__all__ = [
    "add_task",
    "finish_task",
    "log_interaction",
    "remove_view",
    "reopen_task",
    "save_view",
    "upload_document",
]
