"""What the pages about clients show."""

from clients.selectors.lists import client_list, open_tasks, saved_views, timeline
from clients.selectors.search import Found, search

__all__ = ["Found", "client_list", "open_tasks", "saved_views", "search", "timeline"]
