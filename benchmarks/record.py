"""What a benchmark measured, as a JSON file that also says on what machine."""

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

Row: TypeAlias = dict[str, int | float | str]
"""One line of a benchmark's table: column to value."""


def write_record(folder: Path, name: str, rows: Sequence[Row], command: str = "") -> Path:
    """Write ``<folder>/<name>.json`` in place of the previous record, and return its path.

    Args:
        folder: where records are.
        name: of the benchmark.
        rows: what it measured.
        command: what was called; the benchmark alone, if left out.
    """
    record = {
        "command": command or f"python -m benchmarks {name}",
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "simastra": version("simastra"),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "rows": rows,
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return path


def read_record(folder: Path, name: str) -> dict[str, Any] | None:
    """Return the last record of a benchmark, None if there is none."""
    path = folder / f"{name}.json"
    if not path.exists():
        return None
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record
