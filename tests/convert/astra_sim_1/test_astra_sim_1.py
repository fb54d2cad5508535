"""System and network files of ASTRA-sim 1.x, converted."""

import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra import ConfigError, NetworkConfig, SystemConfig
from simastra.cli import main
from simastra.config import load_network, load_system
from simastra.convert.astra_sim_1 import convert_file
from simastra.convert.astra_sim_1.network import convert_network
from simastra.convert.astra_sim_1.system import convert_system
from simastra.notices import Notice, Severity

FIELD = Path(__file__).parents[2] / "field" / "system-file-of-1x"
NETWORK: dict[str, Any] = {
    "topology-name": "Hierarchical",
    "topologies-per-dim": ["Ring", "FullyConnected", "Switch"],
    "dimension-type": ["N", "P", "P"],
    "dimensions-count": 3,
    "units-count": [2, 8, 4],
    "links-count": [2, 14, 3],
    "link-latency": [10, 20, 30],
    "link-bandwidth": [25, 12.5, 5],
    "nic-latency": [0, 3, 4],
    "router-latency": [0, 0, 6],
    "hbm-latency": [500, 500, 500],
    "hbm-bandwidth": [370, 370, 370],
    "hbm-scale": [0, 0, 0],
}


def network(**changes: Any) -> tuple[NetworkConfig, list[Notice]]:
    notices: list[Notice] = []
    document = {**NETWORK, **{key.replace("_", "-"): value for key, value in changes.items()}}
    document = {key: value for key, value in document.items() if value is not None}
    return convert_network(json.dumps(document), "net.json", notices)[0], notices


def system(text: str) -> tuple[SystemConfig, list[Notice]]:
    notices: list[Notice] = []
    return convert_system(text, "sys.txt", notices)[0], notices


def test_both_files_are_converted_and_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(FIELD, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    assert main(["convert", "astra-sim-1", "net.json", "sys.txt", "--output", "new"]) == 0
    assert capsys.readouterr().out == (
        "new.network.yml: Ring of 4 x Switch of 2, 8 NPUs\n"
        "new.system.json: LIFO, 4 chunks a collective\n"
    )
    assert load_network("new.network.yml") == NetworkConfig(
        topology=["Ring", "Switch"], npus_count=[4, 2], bandwidth=[50, 12.5], latency=[500, 700]
    )
    halving = ("ring", "halvingDoubling")
    assert load_system("new.system.json") == SystemConfig(
        preferred_dataset_splits=4,
        all_reduce_implementation=halving,
        all_gather_implementation=halving,
        reduce_scatter_implementation=halving,
        all_to_all_implementation=("direct", "direct"),
        collective_optimization="localBWAware",
    )
    words = "--workload ar --system new.system.json --network new.network.yml"
    assert main(["run", *words.split()]) == 0
    assert capsys.readouterr().out.count("finished") == 8


@pytest.mark.parametrize(("name", "ending"), [("sys.txt", "json"), ("net.json", "yml")])
def test_the_message_about_such_a_file_names_a_command_that_works(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    ending: str,
) -> None:
    shutil.copytree(FIELD, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    assert main(["convert", "astra-sim-1", "sys.txt", "net.json", "--output", "x"]) == 0
    given = {"--system": "x.system.json", "--network": "x.network.yml"}
    given["--system" if ending == "json" else "--network"] = name
    words = [word for pair in given.items() for word in pair]
    for verb in ("run", "check"):
        assert main([verb, "--workload=ar", *words]) == 2
        message = capsys.readouterr().err
        command = message.split("'")[1]
        assert command == f"simastra convert astra-sim-1 {name} --output PREFIX"
        assert main(command.split()[1:]) == 0


def test_links_of_a_dimension_are_one_of_their_bandwidth() -> None:
    config, notices = network()
    assert config.topology == ("Ring", "FullyConnected", "Switch")
    assert config.npus_count == (2, 8, 4)
    assert config.bandwidth == (50.0, 25.0, 15.0)
    assert not notices


def test_the_latency_of_nics_and_routers_is_that_of_links() -> None:
    assert network()[0].latency == (10.0, 26.0, 37.0)
    assert network(nic_latency=None, router_latency=None)[0].latency == (10.0, 20.0, 30.0)


@pytest.mark.parametrize(("links", "bandwidth"), [(2, 50.0), (3, 50.0), (5, 100.0)])
def test_a_ring_uses_its_links_in_pairs(links: int, bandwidth: float) -> None:
    assert network(links_count=[links, 7, 1])[0].bandwidth[0] == bandwidth


def test_the_name_of_a_topology_stands_for_a_list_of_one() -> None:
    one = {key: [5] for key in ("units-count", "links-count", "link-latency", "link-bandwidth")}
    text = json.dumps({"topology-name": "AllToAll", **one})
    assert convert_network(text, "n", [])[0].topology == ("FullyConnected",)


def test_what_is_left_out_is_said() -> None:
    _, (scale, unknown) = network(hbm_scale=[1, 0, 0], use_fast_version=True)
    assert (scale.where, scale.severity) == ("net.json: hbm-scale", Severity.WARNING)
    assert (unknown.where, unknown.severity) == ("net.json: use-fast-version", Severity.INFO)
    _, notices = system(
        "preferred-dataset-splits: 4\nboost-mode: 1\ninter-dimension-scheduling: themis\n"
    )
    assert [(it.where, it.severity) for it in notices] == [
        ("sys.txt: boost-mode", Severity.INFO),
        ("sys.txt: inter-dimension-scheduling", Severity.WARNING),
    ]
    assert "so that themis has no successor" in notices[1].message


def test_values_of_a_system_file_keep_their_kind() -> None:
    config, _ = system(
        "# a comment\n\npreferred-dataset-splits: 16\nmodel-shared-bus: 1\nG: 0.0038\n"
        "all-reduce-implementation: ring_direct4_oneRing\r\nL: 500\n"
    )
    assert (config.preferred_dataset_splits, config.G, config.L) == (16, 0.0038, 500)
    assert config.model_shared_bus
    assert config.all_reduce_implementation == ("ring", "direct4", "oneRing")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"units_count": None}, "net.json: units-count: is required, with an entry a dimension"),
        ({"units_count": 8}, "net.json: units-count: must be a list"),
        ({"units_count": [8]}, "net.json: units-count: has 1 entries, of 3 dimensions"),
        ({"units_count": [2, 8, 1.5]}, "units-count[2]: is 1.5; a whole number is wanted"),
        ({"units_count": [2, 8, True]}, "units-count[2]: is true; a number is wanted"),
        ({"link_bandwidth": [2, 8, "tbd"]}, "link-bandwidth[2]: is 'tbd'; a number is wanted"),
        ({"link_bandwidth": [2, 8, 1e999]}, "is not a number that JSON has"),
        ({"links_count": [1, 7, 1]}, "links-count[0]: is 1; Ring of 2 NPUs needs 2 at least"),
        ({"links_count": [2, 6, 1]}, "links-count[1]: is 6; FullyConnected of 8 NPUs needs 7"),
        ({"links_count": [2, 7, 0]}, "links-count[2]: is 0; Switch of 4 NPUs needs 1 at least"),
        ({"dimensions_count": 2}, "net.json: dimensions-count: is 2, of 3 dimensions"),
        ({"topologies_per_dim": ["Ring", "Torus", "Ring"]}, "topologies-per-dim[1]: is 'Torus'; A"),
        ({"topologies_per_dim": ["Ring", [], "Ring"]}, "topologies-per-dim[1]: is a list; ASTRA"),
        ({"units_count": [2, 8, -4]}, "npus_count[2]: must be at least 1, not -4"),
    ],
)
def test_a_wrong_network_file_is_told(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        network(**changes)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("preferred-dataset-splits 4\n", "sys.txt: line 1 isn't 'key: value'"),
        ("L: 1\nL: 2\n", "sys.txt: L: is given twice (line 2)"),
        ("preferred-dataset-splits: four\n", "preferred-dataset-splits: must be a whole number"),
        ("preferred-dataset-split: 4\n", "did you mean 'preferred-dataset-splits'?"),
        ("scheduling-policy: LIFO\n", "sys.txt: preferred-dataset-splits: is required"),
        ("", "sys.txt: preferred-dataset-splits: is required"),
    ],
)
def test_a_wrong_system_file_is_told(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        system(text)
    assert message in str(caught.value)


@given(st.text() | st.text().map('{{"units-count": {}'.format))
def test_any_text_is_converted_or_told(text: str) -> None:
    for convert in (convert_network, convert_system):
        with suppress(ConfigError):
            convert(text, "file", [])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--output=x", "FILE is required: name a system or a network file"),
        ("sys.txt", "--output: is required"),
        ("sys.txt sys.txt --output=x", "sys.txt and sys.txt are of one kind; name one of each"),
        ("no.txt --output=x", "no.txt: file not found"),
        (
            "ar.0.et --output=x",
            "ar.0.et: this is a Chakra execution trace in JSON, not a system or network",
        ),
    ],
)
def test_a_wrong_command_line_is_told_and_nothing_is_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: str,
    message: str,
) -> None:
    shutil.copytree(FIELD, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert main(["convert", "astra-sim-1", *words.split()]) == 2
    assert message in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_is_told_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(json.dumps(NETWORK))
    (tmp_path / "b").write_text("preferred-dataset-splits: 2\n")
    assert convert_file(tmp_path / "a").ending == "network.yml"
    assert convert_file(tmp_path / "b").ending == "system.json"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            "HYBRID_DLRM 1\n1\nl -1 1 NONE 0 1 NONE 0 1 NONE 0 1\n",
            "this is a text workload of ASTRA",
        ),
        (
            '{"scheduling-policy": "LIFO", "endpoint-delay": 10}',
            "this is a system configuration, not",
        ),
        (
            "topology: [Ring]\nnpus_count: [4]\nbandwidth: [50]\nlatency: [500]\n",
            "this is a network",
        ),
    ],
)
def test_files_of_another_kind_are_recognised(tmp_path: Path, content: str, told: str) -> None:
    given_file = tmp_path / "given"
    given_file.write_text(content)
    with pytest.raises(ConfigError) as caught:
        convert_file(given_file)
    assert f"given: {told}" in str(caught.value)
    assert "not a system or network file of ASTRA-sim 1.x: " in str(caught.value)
