"""Tables as files: a CSV file each, and one JSON file with all of them."""

import json
from collections.abc import Sequence
from pathlib import Path

from simastra.errors import OptionError
from simastra.replacing import FILE_TROUBLE, reason, replacing

from .table import DataTable

ALL_IN_ONE = "tables.json"


def make_folder(folder: Path | str) -> None:
    """Make the folder, if its own folder exists and it doesn't.

    Raises:
        OptionError: that can't be done.
    """
    try:
        Path(folder).resolve().mkdir(exist_ok=True)
    except FILE_TROUBLE as error:
        problem = f"{folder} can't be made a folder: {reason(error)}"
        raise OptionError("tables", problem) from None


def write_tables(folder: Path | str, tables: Sequence[DataTable]) -> tuple[Path, ...]:
    """Write ``<name>.csv`` for each table, and ``tables.json``; return what was written.

    The folder is made, if its own folder exists. Each file is written whole or not at all.

    Raises:
        OptionError: a file can't be written.
    """
    make_folder(folder)
    contents = {f"{table.name}.csv": table.to_csv() for table in tables}
    document = {table.name: table.to_dicts() for table in tables}
    contents[ALL_IN_ONE] = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    written = []
    for name, content in contents.items():
        path = Path(folder) / name
        try:
            with replacing(path) as unfinished:
                unfinished.write_text(content, encoding="utf-8", errors="replace", newline="")
        except FILE_TROUBLE as error:
            raise OptionError("tables", f"{path} can't be written: {reason(error)}") from None
        written.append(path)
    return tuple(written)
