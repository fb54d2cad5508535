"""Files of process groups that contradict themselves."""

from pathlib import Path

import pytest

from simastra.cli import main

FOLDER = Path(__file__).parent / "group-numbered-twice"


@pytest.mark.parametrize("compat", ["hoti2024", "master"])
@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("groups.json", "1: is the same number as 01"),
        ("groups2.json", "01: is the same number as 1"),
    ],
)
def test_two_groups_of_one_number_are_refused_and_both_are_named(
    file: str, says: str, compat: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [
        f"--workload={FOLDER / 'ring'}",
        f"--system={FOLDER / 'sys.json'}",
        f"--network={FOLDER / 'net.yml'}",
        f"--comm-groups={FOLDER / file}",
        f"--compat={compat}",
    ]
    assert main(["run", *given]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"simastra: {FOLDER / file}: {says};")
