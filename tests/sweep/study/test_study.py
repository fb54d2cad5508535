"""A study: from its file to the inputs of each point."""

import json
import pickle
from pathlib import Path

import pytest

import simastra
from simastra import ConfigError, TraceBuilder
from simastra.sweep import Study
from simastra.sweep.points.simulations import traces_here
from simastra.sweep.study import TraceFilesGiven
from simastra.trace import Trace, write_trace

TABLES = Path(simastra.__file__).parent / "transformer" / "models" / "tables"
RING = {"topology": ["Ring"], "npus_count": [8], "bandwidth": [50], "latency": [500]}
AXES = {"network.bandwidth[0]": [25, 50], "network.latency[0]": [500, "1us"]}


def study(**keys: object) -> Study:
    base = {"generate": {"kind": "collective"}, "system": "@demo", "network": RING, "axes": AXES}
    return Study(**{**base, **keys})


def test_the_first_axis_is_the_outermost() -> None:
    settings = [study().space.setting(number) for number in range(4)]
    assert [list(it.values()) for it in settings] == [[25, 500], [25, 1000], [50, 500], [50, 1000]]


def test_a_key_path_leads_into_the_network() -> None:
    asked = study()
    network = asked.inputs(asked.space.setting(1)).network
    assert (network.bandwidth, network.latency) == ((25,), (1000,))


def test_models_with_the_same_content_are_one_object() -> None:
    asked = study()
    first, second = (asked.inputs(asked.space.setting(number)) for number in (0, 3))
    assert first.system is second.system
    assert first.options is second.options
    assert first.network is asked.inputs(asked.space.setting(0)).network
    assert first.network is not second.network


def test_a_machine_is_expanded_so_that_paths_lead_into_it() -> None:
    axes = {"network.bandwidth[1]": ["400Gb/s"], "system.preferred-dataset-splits": [2]}
    asked = study(system="@hgx-h100", network="@hgx-h100:8x4", axes=axes)
    inputs = asked.inputs(asked.space.setting(0))
    assert inputs.network.npus == 32
    assert inputs.network.bandwidth[1] == 400e9 / 8 / 2**30
    assert inputs.system.preferred_dataset_splits == 2
    assert len(inputs.system.all_reduce_implementation) == 2


def test_a_machine_as_system_is_for_the_dimensions_of_the_point() -> None:
    axes = {"network": ["@hgx-h100:8", "@hgx-h100:8x4"]}
    asked = study(system="@hgx-h100", network="@hgx-h100:8", axes=axes)
    inputs = [asked.inputs(asked.space.setting(number)).system for number in (0, 1)]
    assert [len(it.all_reduce_implementation) for it in inputs] == [1, 2]


def test_npus_of_a_collective_are_those_of_the_network() -> None:
    asked = study(axes={"network.npus_count[0]": [4, 8]})
    inputs = [asked.inputs(asked.space.setting(number)) for number in (0, 1)]
    made = [it.workload.traces(it.network.npus, traces_here) for it in inputs]
    assert [len(it.trace.npus) for it in made] == [4, 8]


def test_a_point_is_known_by_content_not_by_paths(tmp_path: Path) -> None:
    digests = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        builder = TraceBuilder()
        builder.all_reduce("all", size=2**20)
        write_trace(tmp_path / folder / folder, Trace.uniform(builder, 8))
        (tmp_path / folder / "ring.yml").write_text(json.dumps(RING))
        lines = f"workload: {folder}\nsystem: '@demo'\nnetwork: ring.yml\naxes: {json.dumps(AXES)}"
        (tmp_path / folder / "study.yml").write_text(lines)
        asked = Study.load(tmp_path / folder / "study.yml")
        inputs = asked.inputs(asked.space.setting(2))
        assert isinstance(inputs.workload, TraceFilesGiven)
        digests.append((asked.digest, inputs.digest))
    assert digests[0] == digests[1]


def test_a_document_needs_no_configuration_files(tmp_path: Path) -> None:
    file = tmp_path / "ring.yml"
    file.write_text(json.dumps(RING))
    asked = Study.of(
        {
            "generate": {"kind": "collective"},
            "system": "@demo",
            "network": "ring.yml",
            "axes": {"network": ["ring.yml", "@demo"], "network.latency[0]": [500]},
        },
        tmp_path,
    )
    assert asked.files == (str(file),)
    document = json.loads(json.dumps(asked.document()))
    file.unlink()
    again = Study.of(document)
    assert again.digest == asked.digest
    assert [again.inputs(again.space.setting(it)) for it in (0, 1)] == [
        asked.inputs(asked.space.setting(it)) for it in (0, 1)
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"generate": {"kind": "collective", "size": "2MiB"}},
        {"system": "@hgx-h100"},
        {"options": {"network-backend": "fluid"}},
        {"network": {**RING, "topology": ["Switch"]}},
    ],
)
def test_another_content_is_another_point(change: dict[str, object]) -> None:
    asked, other = study(), study(**change)
    setting = asked.space.setting(0)
    assert asked.inputs(setting).digest != other.inputs(setting).digest
    assert asked.digest != other.digest or "options" in change


def test_whether_shortcuts_are_taken_makes_no_other_point() -> None:
    asked, other = study(), study(options={"shortcuts": "off"})
    setting = asked.space.setting(0)
    assert asked.inputs(setting).digest == other.inputs(setting).digest


def test_a_document_makes_the_same_study_again() -> None:
    asked = study(
        where="bandwidth[0] > 30", columns={"cost": "npus * 2"}, objectives={"cost": "min"}
    )
    again = Study.of(json.loads(json.dumps(asked.document())))
    setting = asked.space.setting(3)
    assert again.digest == asked.digest
    assert again.inputs(setting) == asked.inputs(setting)
    assert list(again.space.numbers()) == list(asked.space.numbers()) == [2, 3]


def test_a_study_is_the_same_in_another_process() -> None:
    asked = study(columns={"cost": "npus * network.bandwidth[0]"})
    again = pickle.loads(pickle.dumps(asked))
    setting = asked.space.setting(1)
    assert again.inputs(setting).digest == asked.inputs(setting).digest
    assert again.derived(setting, {}) == {"cost": 200}


def test_columns_are_computed_of_axes_inputs_and_each_other() -> None:
    columns = {"worth": "cost / makespan_ns", "cost": "npus * generate.size + latency[0]"}
    asked = study(columns=columns)
    setting = asked.space.setting(0)
    assert asked.derived(setting, {}) == {"worth": None, "cost": 8 * 2**20 + 500}
    assert asked.derived(setting, {"makespan_ns": 2})["worth"] == (8 * 2**20 + 500) / 2


def test_a_column_that_many_others_ask_for_is_computed_once() -> None:
    columns = {"c0": "npus"} | {f"c{at}": f"c{at - 1} + c{at - 1}" for at in range(1, 64)}
    asked = study(columns=columns)
    assert asked.derived(asked.space.setting(0), {})["c63"] == 8 * 2**63


@pytest.mark.parametrize("text", ["'Ring'", "network.topology[0]", "[npus, 1]"])
def test_a_column_is_a_number(text: str) -> None:
    asked = study(columns={"kind": text})
    with pytest.raises(ConfigError, match=r"columns\.kind: must be a number, not"):
        asked.derived(asked.space.setting(0), {})


def test_a_number_that_no_float_holds_is_not_known() -> None:
    asked = study(columns={"huge": "2**1023 + (2**1023 - 1)", "large": "10**300"})
    assert asked.derived(asked.space.setting(0), {}) == {"huge": None, "large": 10**300}


def test_columns_that_ask_for_each_other_without_end_have_no_value() -> None:
    columns = {f"c{at}": f"c{at + 1} + 1" for at in range(400)} | {"c400": "npus"}
    asked = study(columns=columns)
    assert asked.derived(asked.space.setting(0), {})["c399"] == 9


def test_zipped_keys_go_together() -> None:
    machine = {
        "keys": ["network.bandwidth[0]", "network.latency[0]"],
        "values": [[25, "1us"], ["50GiB/s", 700]],
    }
    asked = study(axes={"machine": machine})
    made = [asked.inputs(asked.space.setting(number)).network for number in range(2)]
    assert [(it.bandwidth[0], it.latency[0]) for it in made] == [(25, 1000), (50, 700)]


def test_a_setting_that_makes_no_sense_says_its_key() -> None:
    asked = study(axes={"network.bandwidth[0]": [50, -1]})
    with pytest.raises(ConfigError, match=r"network\.bandwidth\[0\]: must be larger than 0"):
        asked.inputs(asked.space.setting(1))


@pytest.mark.parametrize(
    ("axis", "values"),
    [
        ({"linear": [0, 10], "points": 3}, [0, 5, 10]),
        ({"linear": [1, 2], "step": 0.5}, [1, 1.5, 2]),
        ({"log": [1, 64], "points": 7}, [1, 2, 4, 8, 16, 32, 64]),
        ({"log": [64, 1], "factor": 4}, [64, 16, 4, 1]),
        ({"log": [1, 10], "points": 4, "whole": True}, [1, 2, 5, 10]),
        ({"linear": ["1us", "2us"], "points": 3}, [1000, 1500, 2000]),
    ],
)
def test_ranges_include_both_ends(axis: dict[str, object], values: list[float]) -> None:
    (made,) = study(axes={"network.latency[0]": axis}).axes
    assert list(made.values) == values


def test_mistakes_have_the_file_the_key_and_the_line(tmp_path: Path) -> None:
    file = tmp_path / "study.yml"
    file.write_text(
        "generate: {kind: collective}\n"
        "system: '@demo'\n"
        "network: '@demo'\n"
        "axes:\n"
        "  network.bandwith[0]: [25]\n"
        "  generate.size: [1MiB, 1GB/s]\n"
        "where:\n"
        "  - 'sizes > 3'\n"
        "objectives: {makespam: min}\n"
    )
    with pytest.raises(ConfigError) as caught:
        Study.load(file)
    told = [line.removeprefix(f"{file}: ") for line in str(caught.value).splitlines()]
    assert told == [
        "axes.network.bandwith[0]: unknown key 'network.bandwith'; did you mean "
        "'network.bandwidth'? (line 5)",
        "axes.generate.size[1]: must be a size such as 1MiB (2^20 bytes), 1MB (10^6) or 100B, "
        "not '1GB/s' (line 6)",
        "where[0]: unknown name 'sizes'; did you mean 'size'? (line 8)",
        "objectives.makespam: unknown column 'makespam'; did you mean 'makespan'? (line 9)",
    ]


def test_a_table_of_layers_is_known_by_content(tmp_path: Path) -> None:
    digests, table = [], (TABLES / "llama_layer.csv").read_text()
    for folder, text in (("a", table), ("b", table), ("c", f"{table}\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "layer.csv").write_text(text)
        step = {"kind": "transformer", "model": "llama3-8b", "layer-table": "layer.csv"}
        keys = {"generate": step, "system": "@demo", "network": "@demo"}
        asked = Study.of({**keys, "axes": {"generate.tp": [1]}}, tmp_path / folder)
        inputs = asked.inputs(asked.space.setting(0))
        digests.append(inputs.digest)
        assert asked.files == (str(tmp_path / folder / "layer.csv"),)
    assert digests[0] == digests[1] != digests[2]


def test_a_table_of_layers_that_is_not_there_is_told(tmp_path: Path) -> None:
    step = {"kind": "transformer", "model": "llama3-8b", "layer-table": "layer.csv"}
    with pytest.raises(ConfigError, match=r"generate.layer-table: layer.csv: file not found"):
        study(generate=step)


def test_what_a_generator_refuses_is_told_at_its_key() -> None:
    asked = study(generate={"kind": "collective"}, axes={"generate.group-size": [2, 3]})
    request = asked.inputs(asked.space.setting(1)).workload.request
    assert request is not None
    with pytest.raises(ConfigError, match=r"^study: generate: group-size: 8 NPUs can't be divided"):
        request.generated()


def test_axes_that_the_best_is_asked_for_each_of_are_kept() -> None:
    one = study(for_each="network.latency[0]")
    assert one.for_each == ("network.latency[0]",)
    assert one.document()["for-each"] == ["network.latency[0]"]
    assert Study.of(json.loads(json.dumps(one.document()))).for_each == one.for_each
    assert study().for_each == study(for_each=[]).for_each == ()
    assert one.digest == study().digest  # which rows there are doesn't depend on it
