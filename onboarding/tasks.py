"""What onboarding does by itself."""

from onboarding.importing import work

__all__ = ["work"]
