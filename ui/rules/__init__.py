"""May it be so? Pure Python."""
