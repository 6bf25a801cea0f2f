"""How a page is served and looks: layout, tags, forms, paging; no domain words."""
