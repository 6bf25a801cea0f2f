"""What a file of a bank's own clients must be: fields, mapping, values, rows. Pure: no Django."""
