"""Numbers of papers, taxpayers and accounts are encrypted on their way from the lines to the database.

After the digest, which is of the bank and not of its keys; in the process that made the lines, for it takes
time.
"""

from clients.words import account_key
from rmcrm.synthetic.tables import COLUMNS
from vault.cipher import box

ACCOUNT = "="  # before a key of the search that is an account's number
_BOUND_TO = {
    "clients_identifier": ("client_id", "party_id"),
    "clients_taxresidence": ("client_id", "party_id"),
    "portfolios_account": ("client_id",),
}
_PLACES = {
    table: (COLUMNS[table].index("number"), [COLUMNS[table].index(column) for column in bound])
    for table, bound in _BOUND_TO.items()
}
TABLES = [*_PLACES, "clients_searchkey"]


def hide(table: str, lines: str) -> str:
    """The lines of one of TABLES as they go into the database."""
    if table == "clients_searchkey":
        rows = [line.rsplit("\t", 1) for line in lines.splitlines()]
        return "".join(
            f"{head}\t{account_key(key[1:]) if key.startswith(ACCOUNT) else key}\n" for head, key in rows
        )
    place, bound = _PLACES[table]
    column, encrypt, out = f"{table}.number", box().encrypt, []
    for line in lines.splitlines():
        cells = line.split("\t")
        if cells[place]:
            ids = [int(cells[at]) for at in bound]
            cells[place] = encrypt(column, ids, cells[place], indexed=True)
        out.append("\t".join(cells) + "\n")
    return "".join(out)
