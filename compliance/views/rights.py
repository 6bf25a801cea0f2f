"""Who may come in, asked before anything is looked for."""

from staff.requests import only_with

__all__ = ["only_with"]
