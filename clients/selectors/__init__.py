"""What the pages about clients show."""

from clients.selectors.documents import document, document_list
from clients.selectors.lists import (
    books_to_choose,
    client_list,
    client_of_contact_point,
    client_page,
    interaction_list,
    mark_late,
    open_tasks,
    own_books,
    parties,
    saved_views,
    task_list,
    timeline,
    with_parties,
)
from clients.selectors.search import Found, search

__all__ = [
    "Found",
    "books_to_choose",
    "client_list",
    "client_of_contact_point",
    "client_page",
    "document",
    "document_list",
    "interaction_list",
    "mark_late",
    "open_tasks",
    "own_books",
    "parties",
    "saved_views",
    "search",
    "task_list",
    "timeline",
    "with_parties",
]
