"""What the pages of the top floor show, one module a page."""
