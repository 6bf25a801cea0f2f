"""The tables of a bank in the order they are filled, with the columns each stream writes: data/tables.txt."""

from rmcrm.synthetic.texts import records

COLUMNS: dict[str, list[str]] = {
    table: columns.split() for table, columns in records("tables.txt")[0].items()
}
TABLES = list(COLUMNS)
# Written when all clients are known.
AT_THE_END = ["clients_searchword"]
# Written client by client; what comes before is written once for the whole bank.
OF_A_CLIENT = [table for table in TABLES[TABLES.index("clients_household") :] if table not in AT_THE_END]
SHARED = TABLES[: TABLES.index("clients_household")]
