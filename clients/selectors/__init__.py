"""What the pages about clients show."""

from clients.selectors.lists import client_list, open_tasks, saved_views, timeline

__all__ = ["client_list", "open_tasks", "saved_views", "timeline"]
