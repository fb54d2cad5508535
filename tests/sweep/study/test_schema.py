"""The JSON Schema of a study's file."""

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from simastra.cli.verbs.schemas import schema_files
from simastra.sweep import Study

DOCUMENT = Path(__file__).parents[3] / "docs" / "sweeps.md"
SCHEMA = Draft202012Validator(json.loads(schema_files()["study.schema.json"]))
EXAMPLE, *OTHERS = re.findall(r"```yaml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)


def test_the_example_of_the_documentation_is_a_study(tmp_path: Path) -> None:
    (tmp_path / "study.yml").write_text(EXAMPLE)
    asked = Study.load(tmp_path / "study.yml")
    assert SCHEMA.is_valid(yaml.safe_load(EXAMPLE))
    assert asked.space.size == 2 * 3 * 7


@pytest.mark.parametrize(
    "change",
    [
        {"axes": {}},
        {"axes": {"size": {"key": "size", "values": [1]}}},
        {"axes": {"network.latency[0]": {"logg": [1, 2]}}},
        {"generate": {"kind": "transformer", "tpp": 2}},
        {"system": {"preferred-dataset-split": 4}},
        {"network": {"bandwidth": [True]}},
        {"objectives": {"makespan": "least"}},
        {"mode": {"random": {"seed": 1}}},
        {"for-each": 3},
        {"nodes": 3},
    ],
)
def test_a_wrong_study_is_refused(change: dict[str, object]) -> None:
    assert not SCHEMA.is_valid({**yaml.safe_load(EXAMPLE), **change})


@pytest.mark.parametrize("example", OTHERS)
def test_so_are_its_other_examples(tmp_path: Path, example: str) -> None:
    (tmp_path / "study.yml").write_text(example)
    assert Study.load(tmp_path / "study.yml").space.size > 1
    assert SCHEMA.is_valid(yaml.safe_load(example))


def test_quantities_may_have_units() -> None:
    network = {"topology": ["Ring"], "bandwidth": ["50GB/s"], "latency": ["1us"]}
    assert SCHEMA.is_valid({**yaml.safe_load(EXAMPLE), "network": network})
