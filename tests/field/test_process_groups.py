"""Process groups as public generators write them: read, or said not to be."""

import json
from pathlib import Path

import pytest

from simastra.cli import main

HERE = Path(__file__).parent
UNREAD = HERE / "process-groups-default-dialect"
FLOAT = HERE / "group-name-as-float"


def words(folder: Path, prefix: str, network: str, groups: str) -> list[str]:
    return [
        f"--workload={folder / prefix}",
        f"--system={folder / 'system.json'}",
        f"--network={folder / network}",
        f"--comm-groups={folder / groups}",
    ]


TPDP = words(UNREAD, "tpdp", "ring4.yml", "tpdp.groups.json")
CUBE = words(UNREAD, "cube", "ring8.yml", "cube.groups.json")
REMEDY = "use --compat master"
HOTI2024 = "--compat=hoti2024"


@pytest.mark.parametrize("verb", ["run", "check"])
def test_groups_that_hoti2024_does_not_read_are_told_with_the_remedy(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([verb, HOTI2024, *TPDP]) == 0
    told = capsys.readouterr().err
    assert "tpdp.0.et: 4 different nodes of several traces (in this one 1 'tp', 2 'dp')" in told
    assert "name a process group ('1', '3', '4', '2' in pg_name), which hoti2024" in told
    assert REMEDY in told
    assert main([verb, HOTI2024, "--strict", *TPDP]) == 2


@pytest.mark.parametrize("compat", [["--compat=master"], ["--compat=auto"], []])
def test_with_the_remedy_and_by_default_the_groups_are_followed(
    compat: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *compat, *TPDP]) == 0
    out, err = capsys.readouterr()
    assert [line.split(",")[1] for line in out.splitlines()] == [" 72768 cycles"] * 4
    assert err == ""


def test_a_deadlock_over_groups_that_are_not_read_names_the_remedy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["run", "--quiet", HOTI2024, *CUBE]) == 3
    report = capsys.readouterr().err
    assert "NPU 2's node 1 and 1 more that wait name their process groups (pg_name '2')" in report
    assert "this dialect doesn't read: --compat master does" in report
    assert main(["run", *CUBE]) == 0
    assert "pg_name" not in capsys.readouterr().err


def test_inspect_says_which_dialect_reads_the_groups(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["inspect", "--json", str(UNREAD / "cube")]) == 0
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["code"] == "group-not-read"
    assert "pg_name): 24, in 12 groups" in finding["message"]
    assert "ASTRA-sim's master reads it, hoti2024 doesn't" in finding["message"]
    assert "--comm-groups" in finding["fix"]


def test_a_groups_number_counts_whatever_follows_it(capsys: pytest.CaptureFixture[str]) -> None:
    given = words(FLOAT, "t", "ring4.yml", "groups.json")
    assert main(["run", "--compat=master", *given]) == 0
    out, err = capsys.readouterr()
    assert [line.split(",")[1] for line in out.splitlines()] == [" 72768 cycles"] * 4
    assert err == ""
    assert main(["check", "--compat=master", *given]) == 0
    assert "the number that it begins with counts" in capsys.readouterr().err
