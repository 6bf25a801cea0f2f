"""The walk through every page in a real browser needs one, and what is pooled a server of its own."""

from tests.browser import *  # noqa: F403
from tests.served import *  # noqa: F403
