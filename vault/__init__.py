"""What is locked away: values encrypted before they reach the database, and their keys (ADR 20)."""
