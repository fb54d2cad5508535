"""The wheel in each other Python that there is: a demo, any warning being an error.

``make pythons`` runs more there (all_pythons.py).
"""

from pathlib import Path

import pytest
from support.wheels import environment, other_pythons

PYTHONS = other_pythons()
DEMO = "traces/demo1_three_nodes"
RUN = f"run --workload {DEMO}/three_nodes --system {DEMO}/system.json --network {DEMO}/network.yml"


@pytest.mark.parametrize("version", PYTHONS)
def test_a_demo_comes_out_right(version: str, wheel: Path, tmp_path: Path) -> None:
    made = environment(tmp_path / "bare", wheel, PYTHONS[version])
    here = tmp_path / "here"
    here.mkdir()
    simastra = ["python", "-W", "error", "-m", "simastra"]
    written = made.run([*simastra, "demo", "--output", "."], here)
    made_anew = made.run(["python", "-W", "error", f"{DEMO}/make_trace.py"], here)
    done = made.run([*simastra, *RUN.split()], here)
    assert (written.stderr, made_anew.stderr, done.stderr) == ("", "", "")
    order = (4, 5, 6, 7, 0, 1, 2, 3)
    assert done.stdout.splitlines() == [f"sys[{npu}] finished, 405520 cycles" for npu in order]
