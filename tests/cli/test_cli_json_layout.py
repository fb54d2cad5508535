"""JSON that is written for people and programs: indented, and with a newline at its end."""

import json
from pathlib import Path

import pytest
from command_line import Inputs

from simastra.cli import main

MACHINE = ("--system=sys.json", "--network=net.yml")


@pytest.fixture(autouse=True)
def here(ring: Inputs, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of `ring`, as the current one."""
    monkeypatch.chdir(ring.folder)
    return ring.folder


def is_indented(text: str, by: int) -> bool:
    document = json.loads(text)
    return text == json.dumps(document, indent=by, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(
    ("words", "name", "by"),
    [
        (("run", "--workload=wl", *MACHINE, "--json=r.json"), "r.json", 1),
        (("bandwidth", "all-reduce", *MACHINE, "-e=8", "--json=r.json"), "r.json", 1),
        (
            ("generate", "collective", "--npus=4", "--group-size=2", "--output=g"),
            "g.groups.json",
            1,
        ),
        (("schemas", "--output=."), "system.schema.json", 2),
        (("schemas", "--output=."), "network.schema.json", 2),
    ],
    ids=["run", "bandwidth", "groups", "system", "network"],
)
def test_files_are(here: Path, words: tuple[str, ...], name: str, by: int) -> None:
    assert main(words) == 0
    assert is_indented((here / name).read_text("utf-8"), by)


@pytest.mark.parametrize(("words", "by"), [(("schemas",), 2), (("inspect", "wl", "--json"), 1)])
def test_so_is_what_is_printed(
    words: tuple[str, ...], by: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    assert is_indented(capsys.readouterr().out, by)


def test_a_timeline_is_one_line(here: Path) -> None:
    assert main(["run", "--workload=wl", *MACHINE, "--json=r.json"]) == 0
    assert main(["timeline", "r.json", "--output=t.json"]) == 0
    text = (here / "t.json").read_text("utf-8")
    assert text.count("\n") == 1
    assert text.endswith("\n")
    assert json.loads(text)["displayTimeUnit"] == "ns"
