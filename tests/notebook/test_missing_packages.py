"""Cells that need a package which isn't installed: a line says so, and no traceback."""

import subprocess
import sys
from pathlib import Path

# IPython, which every notebook's kernel consists of, on a Python that has neither package.
SHELL = """
import sys
sys.modules["pyarrow"] = sys.modules["numpy"] = None
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in sys.argv[1:]:
    shell.run_cell(cell)
"""
STUDY = """
from simastra.sweep import Study, run_study
axes = {"network.bandwidth[0]": [25, 50]}
study = Study(generate={"kind": "collective"}, system="@demo", network="@demo", axes=axes)
run_study(study, "rows")
"""
FIT = "import simastra.calibration.fit"


def test_a_cell_says_in_a_line_what_is_missing(tmp_path: Path) -> None:
    words = [sys.executable, "-c", SHELL, STUDY, FIT]
    done = subprocess.run(
        words,
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
    )
    remedy = "which is not installed here; install the extra that brings it: pip install"
    assert [line for line in done.stdout.splitlines() if line] == [
        f"the table of a sweep needs pyarrow, {remedy} 'simastra[sweep]'",
        f"simastra.calibration.fit needs numpy, {remedy} 'simastra[calibrate]'",
    ]
