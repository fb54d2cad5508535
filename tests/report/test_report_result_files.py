"""Results read back from files: the same as they were written, or one message on what isn't."""

import json
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from support.cases import load_cases, simulation_of
from support.machines import all_reduce_on_ring_of_8, network, one_collective, system

from simastra.errors import InputError
from simastra.report.result_files import read_result, read_result_file
from simastra.result import Result
from simastra.simulation import Options, Simulation
from simastra.trace import CollectiveType
from simastra.workload.kind_of_work import kind_of_work


def document(result: Result) -> dict[str, Any]:
    inputs = {"workload": "wl", "memory": None}
    options = {"compat": "master", "injection-scale": 1.5, "rendezvous-protocol": True}
    header = {"simastra": "0.1", "inputs": inputs, "options": options, "finished": True}
    return {**header, **result.to_dict()}


def written(folder: Path, what: object) -> Path:
    path = folder / "result.json"
    path.write_text(what if isinstance(what, str) else json.dumps(what))
    return path


def explained() -> Result:
    return all_reduce_on_ring_of_8().run(explain=True)


@pytest.mark.parametrize("name", ["hoti2024", "master", "multidim_aware"])
def test_the_same_comes_back(name: str, tmp_path: Path) -> None:
    for case in load_cases(name)[::90]:
        simulation = simulation_of(case)
        for result in (simulation.run(), simulation.run(explain=case["npus"] < 17)):
            back = read_result(written(tmp_path, document(result)))
            assert back == result
            assert back.to_dict() == result.to_dict()
            for old, new in zip(chain(*result.nodes), chain(*back.nodes), strict=True):
                told = (old.type, old.collective, old.size, old.group)
                assert (new.type, new.collective, new.size, new.group) == told
                assert old.et_node is not None
                assert new.et_node is not None
                kinds = [kind_of_work(it, old.activity) for it in (old.et_node, new.et_node)]
                assert kinds[0] is kinds[1]


def test_shortcuts_and_notices_come_back(tmp_path: Path) -> None:
    result = Simulation(
        one_collective(CollectiveType.ALL_REDUCE),
        system(),
        network(("Ring", 8)),
        options=Options(shortcuts="always"),
    ).run()
    assert result.shortcuts
    assert result.notices
    back = read_result(written(tmp_path, document(result)))
    assert (back.shortcuts, back.notices) == (result.shortcuts, result.notices)


def test_what_stands_beside_the_result(tmp_path: Path) -> None:
    stored = read_result_file(written(tmp_path, document(explained())))
    assert (stored.version, stored.inputs) == ("0.1", {"workload": "wl"})
    assert stored.options == {
        "compat": "master",
        "injection-scale": 1.5,
        "rendezvous-protocol": True,
    }


def test_files_of_earlier_versions_are_read(tmp_path: Path) -> None:
    told = document(all_reduce_on_ring_of_8(Options(shortcuts="always")).run())
    for use in told["paths"]:
        del use["order_is_known"]
    for notice in told["notices"]:
        del notice["severity"]
    for record in chain(*told["nodes"]):
        del record["type"], record["collective"], record["size"]
    back = read_result(written(tmp_path, told))
    assert back.makespan == 117780
    assert {record.et_node for record in chain(*back.nodes)} == {None}


def set_to(value: object, *keys: str | int) -> Callable[[Any], None]:
    def change(told: Any) -> None:
        for key in keys[:-1]:
            told = told[key]
        if value is None:
            del told[keys[-1]]
        else:
            told[keys[-1]] = value

    return change


UNFINISHED = False
SPANS = ("explanation", "critical_path", "spans")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (set_to("SING", "nodes", 3, 0, "type"), "nodes: there is no type of nodes or collectives"),
        (set_to("late", "makespan"), "makespan: must be a"),
        (set_to(5, "makespan"), "makespan: it is 5, but the last NPU finishes at 117780"),
        (set_to(None, "nodes"), "no result: nodes is missing; write one with"),
        (set_to("rest", "nodes", 3, 0, "activity"), "nodes[3][0].activity: must be 'cpu', "),
        (set_to(UNFINISHED, "finished"), "its simulation didn't finish (deadlock)"),
        (
            set_to("lost", *SPANS, 2, "category"),
            "explanation.critical_path.spans[2].category: must",
        ),
        (set_to(11, *SPANS, 1, "start"), "explanation.critical_path.spans[1]: must begin at 10"),
        (set_to(7, "explanation", "makespan"), "explanation: it must sum to the makespan, 117780"),
        (
            set_to(7, "explanation", "attributions", 2, "times", "compute"),
            "explanation.attributions[2]: its times must sum to the makespan, 117780",
        ),
        (
            set_to({"x": 0}, "explanation", "attributions", 0, "partners"),
            "explanation.attributions",
        ),
    ],
)
def test_what_is_wrong_is_named(
    change: Callable[[Any], None], message: str, tmp_path: Path
) -> None:
    told = document(explained())
    change(told)
    path = written(tmp_path, told)
    with pytest.raises(InputError) as caught:
        read_result(path)
    assert str(caught.value).startswith(f"{path}: {message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no JSON that 'simastra run --json' writes: EOF"),
        ("[]", "no result: it must be an object"),
        ('{"a": 1}', "no result: simastra is missing"),
        ('{"nodes": [', "no JSON that"),
        ("sys[0] finished, 7 cycles", "no JSON that"),
    ],
)
def test_another_file_is_no_result(text: str, message: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_result(path)
    assert str(caught.value).startswith(f"{path}: {message}")


def test_a_span_left_out_is_missed(tmp_path: Path) -> None:
    told = document(explained())
    del told["explanation"]["critical_path"]["spans"][-1]
    with pytest.raises(InputError, match="must sum to the makespan, 117780; write the file anew"):
        read_result(written(tmp_path, told))


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.json: file not found"):
        read_result(tmp_path / "none.json")
