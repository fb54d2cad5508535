"""``simastra schemas``: to stdout or to files, with every name that simastra knows."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from simastra.cli import main
from simastra.cli.verbs.schemas import schema_files
from simastra.collectives import spellings


def test_stdout_and_files_have_the_same_schemas(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "deep" / "er"
    assert main(["schemas"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert main(["schemas", "--output", str(folder)]) == 0
    written = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted(written) == sorted(folder.iterdir())
    assert {path.name: json.loads(path.read_text()) for path in written} == printed
    assert "system.schema.json" in printed


def test_every_algorithm_passes_and_a_window_only_where_there_is_one() -> None:
    schema = Draft202012Validator(json.loads(schema_files()["system.schema.json"]))

    def passes(name: str) -> bool:
        document = {"preferred-dataset-splits": 1, "all-reduce-implementation": [name]}
        return schema.is_valid(document)

    assert all(passes(name) for name in spellings())
    assert passes("direct4")
    assert passes("oneDirect16")
    assert not any(passes(name) for name in ("direct0", "direct4x", "ring4", "Ring", "onering"))
