"""Text workloads in dialect hoti2024: Chakra's nodes, and ASTRA-sim's cycles when simulated."""

from typing import Any

import pytest
from text_cases import PUBLIC, TextCase, converted, own_cases, public_cases

from simastra.config import NetworkConfig, SystemConfig
from simastra.convert.text import TEXT_DIALECTS, TextError
from simastra.simulation import Options, Simulation
from simastra.trace import Node
from simastra.units import micros_to_ns

CASES = [*own_cases(), *public_cases()]
CONVERTED = [case for case in CASES if "et" in case]
REFUSED = [case for case in CASES if "reference_error" in case]

UNINITIALISED = {"Resnet50_DataParallel"}
"""Where ASTRA-sim takes 1 ns for a skipped collective, once a pass: it reads num_ops, which the
text converter doesn't write, from uninitialised memory (behaviour 7.2 #6)."""


def name(case: TextCase) -> str:
    return case["name"]


def as_in_the_case(node: Node) -> dict[str, Any]:
    """A node as the cases hold it: attributes with their protobuf types."""
    assert (node.comm_size, node.is_cpu_op, node.comm_priority) == (None, None, None)
    attributes: dict[str, Any] = {}
    if node.comm_type is not None:
        attributes["comm_type"] = ["int64_val", int(node.comm_type)]
    if node.involved_dim is not None:
        attributes["involved_dim"] = ["bool_list", list(node.involved_dim)]
    return {
        "id": node.id,
        "name": node.name,
        "type": f"{node.type.name}_NODE",
        "duration_micros": node.duration / micros_to_ns(1),
        "data_deps": list(node.data_deps),
        "ctrl_deps": list(node.ctrl_deps),
        "attr": attributes,
    }


@pytest.mark.parametrize("case", CONVERTED, ids=name)
def test_nodes_are_those_of_chakras_converter(case: TextCase) -> None:
    assert [as_in_the_case(node) for node in converted(case).nodes(0)] == case["et"]["nodes"]


@pytest.mark.parametrize("case", CONVERTED, ids=name)
def test_another_npu_differs_by_its_ids_only(case: TextCase) -> None:
    conversion = converted(case)
    first, last = conversion.nodes(0), conversion.nodes(case["num_npus"] - 1)
    shift = len(first) * (case["num_npus"] - 1)
    assert [node.id - shift for node in last] == [node.id for node in first]
    assert [[dep - shift for dep in node.data_deps] for node in last] == [
        list(node.data_deps) for node in first
    ]
    assert [node.name for node in last] == [node.name for node in first]


@pytest.mark.parametrize("case", CONVERTED, ids=name)
def test_cycles_and_order_are_those_of_astra_sim(case: TextCase) -> None:
    result = Simulation(
        converted(case).trace(),
        SystemConfig.parse(case["system"]),
        NetworkConfig.parse(case["network"]),
        options=Options(f"congestion-{case['backend']}"),
    ).run()
    too_many = case["num_passes"] - 1 if case["name"] in UNINITIALISED else 0
    assert list(result.finish_order) == case["expect"]["order"]
    assert {str(npu): cycles + too_many for npu, cycles in result.cycles.items()} == case["expect"][
        "cycles"
    ]


@pytest.mark.parametrize("case", REFUSED, ids=name)
def test_what_chakras_converter_fails_on_is_refused_and_our_dialect_takes_it(
    case: TextCase,
) -> None:
    with pytest.raises(TextError, match="dialect simastra"):
        converted(case)
    nodes = converted(case, dialect=TEXT_DIALECTS["simastra"]).nodes(0)
    micros = sum(node.duration for node in nodes) / micros_to_ns(1)
    assert micros >= sum(layer_time(line) for line in case["text"].splitlines()[2:] if line.strip())


def layer_time(line: str) -> int:
    """A layer's forward and weight-gradient time, which are computed at least once."""
    words = line.split()
    return int(words[2]) + int(words[8])


def test_the_collection_is_complete() -> None:
    assert len(own_cases()) == 11
    assert len(CONVERTED) >= 10


@pytest.mark.skipif(not PUBLIC.is_file(), reason="the public texts aren't beside the project")
def test_the_public_texts_are_there() -> None:
    assert len(public_cases()) == 9
    assert len(REFUSED) == 4
