"""What the pages about clients show."""

from clients.selectors.contacts import (
    RecordPage,
    client_by_number,
    colleagues_at,
    colleagues_of,
    late_hours,
    lines_of,
    record_page,
)
from clients.selectors.documents import document, document_list
from clients.selectors.lending import (
    books_to_cover,
    colleagues_to_choose,
    covers_page,
    lending_page,
    lent_page,
)
from clients.selectors.lists import (
    books_to_choose,
    brake_page,
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
    "RecordPage",
    "books_to_choose",
    "books_to_cover",
    "brake_page",
    "client_by_number",
    "client_list",
    "client_of_contact_point",
    "client_page",
    "colleagues_at",
    "colleagues_of",
    "colleagues_to_choose",
    "covers_page",
    "document",
    "document_list",
    "interaction_list",
    "late_hours",
    "lending_page",
    "lent_page",
    "lines_of",
    "mark_late",
    "open_tasks",
    "own_books",
    "parties",
    "record_page",
    "saved_views",
    "search",
    "task_list",
    "timeline",
    "with_parties",
]
