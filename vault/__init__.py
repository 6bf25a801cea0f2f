"""What is locked away: values encrypted before they reach the database, and the keys they hang on (ADR 20)."""
