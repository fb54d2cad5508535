"""Every schema of PyTorch's host traces links to the same, under a label that Chakra reads."""

from pathlib import Path
from typing import Any

import pytest
from link_recordings import Recording, write

from simastra.convert.link import SCHEMAS, link_traces
from simastra.errors import TraceError

_READ_BY_CHAKRA = {f"{version}-chakra.0.0.4" for version in ("1.0.2", "1.0.3", "1.1.0", "1.1.1")}


def _recording() -> Recording:
    recording = Recording()
    recording.op(3, "aten::linear", 1000, 100)
    recording.op(4, "aten::addmm", 1010, 20, parent=3)
    recording.kernel(901, launched=1020, start=1030)
    return recording


def _flat(node: dict[str, Any]) -> dict[str, Any]:
    """A node as 1.0.1 has it."""
    flat: dict[str, Any] = {attr["name"]: attr["value"] for attr in node["attrs"]}
    for side in ("input", "output"):
        flat[f"{side}s"] = node[f"{side}s"]["values"]
        flat[f"{side}_shapes"] = node[f"{side}s"]["shapes"]
        flat[f"{side}_types"] = node[f"{side}s"]["types"]
    name = node["name"].replace("execution_trace", "execution_graph")
    return {**flat, "id": node["id"], "name": name, "parent": node["ctrl_deps"], "op_schema": ""}


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_links_to_the_same_nodes(name: str, tmp_path: Path) -> None:
    wanted = _recording().link(tmp_path).nodes
    recording = _recording()
    recording.schema = name
    if name == "1.0.1":
        recording.nodes = [_flat(node) for node in recording.nodes]
        for node in wanted:
            node["attrs"].append({"name": "op_schema", "type": "string", "value": ""})
    linked = recording.link(tmp_path)
    assert linked.nodes == wanted
    assert linked.document["schema"] in _READ_BY_CHAKRA


def test_the_label_is_kept_where_chakra_reads_it(tmp_path: Path) -> None:
    for name in _READ_BY_CHAKRA:
        recording = _recording()
        recording.schema = name
        assert recording.link(tmp_path).document["schema"] == name


def test_a_later_release_is_read_as_the_newest_known_and_said_so(tmp_path: Path) -> None:
    recording = _recording()
    recording.schema = "1.2.0-chakra.0.0.4"
    linked = recording.link(tmp_path)
    assert linked.document["schema"] == "1.1.1-chakra.0.0.4"
    assert "1.2.0-chakra.0.0.4, written as 1.1.1-chakra.0.0.4" in str(linked.summary)


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ("2.0.0-chakra.0.0.4", "unknown schema"),
        ("1.0.0", "did you mean '1.0.1'"),
        ("1.1.2", "unknown schema"),
        (3, "'schema' must be a string, not 3"),
    ],
)
def test_other_schemas_are_refused(schema: object, message: str, tmp_path: Path) -> None:
    write(tmp_path / "h.json", {**_recording().host, "schema": schema})
    with pytest.raises(TraceError, match=rf"h.json: .*{message}"):
        link_traces(tmp_path / "h.json", tmp_path / "d.json", tmp_path / "o.json")
