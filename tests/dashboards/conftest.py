"""The boards count over the whole bank too: `plan_of` tells how."""

from tests.clients.conftest import plan_of

__all__ = ["plan_of"]
