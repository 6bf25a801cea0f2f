"""The chain of seals over what happened: made, anchored, verified, exported (ADR 13)."""
