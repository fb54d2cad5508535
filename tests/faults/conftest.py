"""Sound files in a temporary folder, which is the current one."""

from pathlib import Path

import pytest
from broken_inputs import Files


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    monkeypatch.chdir(tmp_path)
    made = Files(tmp_path)
    made.make()
    return made
