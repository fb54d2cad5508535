"""Tables as files: a CSV file each, and one JSON file with all of them."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from simastra.errors import OptionError
from simastra.view.table import Table
from simastra.writing import WriteError, write_files

ALL_IN_ONE = "tables.json"


def table_file_names(tables: Sequence[str]) -> tuple[str, ...]:
    """Names of the files of tables of these names."""
    return (*(f"{name}.csv" for name in tables), ALL_IN_ONE)


def write_tables(folder: Path | str, tables: Sequence[Table]) -> tuple[Path, ...]:
    """Write ``<name>.csv`` for each table, and ``tables.json``; return what was written.

    The folder is made, if it isn't there. All files are replaced as one, or none is.

    Raises:
        OptionError: a file can't be written.
    """
    names = table_file_names([table.title for table in tables])
    contents = zip(names, _contents(tables), strict=True)
    try:
        return tuple(
            write_files(
                ((Path(folder) / name, text.encode("utf-8", "replace")) for name, text in contents),
                makes_folders=True,
            )
        )
    except WriteError as error:
        raise OptionError("tables", str(error)) from None


def _contents(tables: Sequence[Table]) -> Iterator[str]:
    for table in tables:
        yield table.to_csv()
    document = {table.title: table.to_dicts() for table in tables}
    yield json.dumps(document, indent=1, ensure_ascii=False) + "\n"
