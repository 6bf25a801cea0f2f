"""The walk through every page in a real browser needs one."""

from tests.browser import *  # noqa: F403
