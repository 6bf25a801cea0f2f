"""Files of a bank's own clients: what is in them, line by line."""
