"""The wheel in each other Python that there is: the demos, any warning being an error.

``make pythons`` runs more there (all_pythons.py).
"""

from pathlib import Path

import pytest
from support.wheels import environment, other_pythons

PYTHONS = other_pythons()


@pytest.mark.parametrize("version", PYTHONS or [pytest.param("", marks=pytest.mark.skip("none"))])
def test_the_demos_come_out_right(version: str, wheel: Path, tmp_path: Path) -> None:
    made = environment(tmp_path / "bare", wheel, PYTHONS[version])
    (tmp_path / "here").mkdir()
    done = made.run(["python", "-W", "error", "-m", "simastra", "demo"], tmp_path / "here")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("as expected (") == 5
