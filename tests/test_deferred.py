"""Modules that are imported when they are first used."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest

from simastra.deferred import deferred

MODULE = """
from threading import Event

Event().wait(0.1)
number = 7
"""


def test_threads_wait_for_the_one_that_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "long_to_import.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = deferred("long_to_import")
    found: list[int] = []
    threads = [Thread(target=lambda: found.append(module.number)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [7] * 4
