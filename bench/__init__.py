"""How fast the pages are on a bank of any size, as ratios to two floors of the same run."""
