"""The wheel in each Python that there is: examples of all verbs, and tests of parts of the package.

The tests are those whose own needs are few, among them those against ASTRA-sim's answers. ``make
pythons`` runs it; one demo runs in continuous integration (test_wheel_pythons.py).
"""

import shutil
import sys
from pathlib import Path

import pytest
from support.wheel_examples import folder_to_work_in, printed, quick_examples
from support.wheels import ROOT, environment, other_pythons

PYTHONS = {"this one": sys.executable, **other_pythons()}
TESTS = (
    *("engine", "workload", "system", "memory", "golden/test_master.py"),
    *("cli/test_cli_run.py", "cli/test_cli_journey.py", "test_public_names.py"),
)
BESIDE = ("tests", "traces", "pyproject.toml")
"""What these tests read."""


@pytest.mark.parametrize("version", PYTHONS)
def test_examples_and_tests_pass(version: str, wheel: Path, tmp_path: Path) -> None:
    made = environment(tmp_path / "bare", wheel, PYTHONS[version])
    for number, example in enumerate(quick_examples()):
        (tmp_path / str(number)).mkdir()
        folder = folder_to_work_in(made, tmp_path / str(number))
        assert printed(example, made, folder) == example.printed, str(example)
    made.install("pytest", "hypothesis")
    copy = tmp_path / "copy"
    for name in BESIDE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name)
        else:
            shutil.copy(ROOT / name, copy)
    words = ["python", "-m", "pytest", "-q", *(f"tests/{name}" for name in TESTS)]
    done = made.run(words, copy)
    assert done.returncode == 0, done.stdout[-5000:]
