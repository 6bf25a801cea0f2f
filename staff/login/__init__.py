"""Who comes in: passwords, second factors, the bank's own login, sessions, what is asked again (ADR 14)."""
