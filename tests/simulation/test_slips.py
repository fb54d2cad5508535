"""Slips in Python's arguments are answered in Python's words, by errors of ours."""

import pickle
import re
from typing import Any

import pytest

from simastra import (
    InputError,
    MemoryConfig,
    NetworkConfig,
    OptionError,
    Options,
    Simulation,
    SystemConfig,
    Trace,
    TraceBuilder,
)
from simastra.errors import ArgumentError

ET = TraceBuilder()
ET.all_reduce("gradients", size=4096)
SYSTEM = SystemConfig(
    all_reduce_implementation=["ring"], preferred_dataset_splits=1, local_mem_bw=50
)
NETWORK = NetworkConfig(topology=["Ring"], npus_count=[4], bandwidth=[50], latency=[500])
ORDER = "; the order is Simulation(workload, system, network, memory, comm_groups=..., options=...)"


@pytest.mark.parametrize(
    ("arguments", "options", "said"),
    [
        (
            (ET, NETWORK, SYSTEM),
            {},
            f"network must be a NetworkConfig, or the path of its file, not a SystemConfig{ORDER}",
        ),
        (
            (ET, NETWORK, NETWORK),
            {},
            f"system must be a SystemConfig, or the path of its file, not a NetworkConfig{ORDER}",
        ),
        (
            (SYSTEM, SYSTEM, NETWORK),
            {},
            "workload must be the prefix of trace files, a Trace or a TraceBuilder, not a "
            f"SystemConfig{ORDER}",
        ),
        (
            ([ET] * 4, SYSTEM, NETWORK),
            {},
            "workload must be the prefix of trace files, a Trace or a TraceBuilder, not a list; "
            "Trace.of(builders) makes one of a builder for each NPU; a single TraceBuilder stands "
            "for all NPUs",
        ),
        (
            (ET, {"endpoint-delay": 10}, NETWORK),
            {},
            "system must be a SystemConfig, or the path of its file, not a dict",
        ),
        (
            (ET, SYSTEM, NETWORK),
            {"memory": 7},
            "memory must be a MemoryConfig, or the path of its file, not an int",
        ),
        (
            (ET, SYSTEM, NETWORK),
            {"comm_groups": MemoryConfig()},
            f"comm_groups must be a CommGroups, or the path of its file, not a MemoryConfig{ORDER}",
        ),
        (
            (ET, SYSTEM, NETWORK),
            {"options": {"shortcuts": "off"}},
            'options must be an Options, not a dict; write Options(shortcuts="off"), for instance',
        ),
    ],
)
def test_an_argument_of_another_type_is_told_what_is_wanted(
    arguments: tuple[Any, Any, Any], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(ArgumentError) as raised:
        Simulation(*arguments, **options)
    assert str(raised.value) == said
    assert isinstance(raised.value, TypeError)
    assert isinstance(raised.value, InputError)
    again = pickle.loads(pickle.dumps(raised.value))
    assert (str(again), again.argument) == (said, raised.value.argument)


def test_a_trace_of_another_number_of_npus_is_told_by_the_name_of_the_argument() -> None:
    with pytest.raises(OptionError, match=r"^workload: the trace has 2 NPUs, the network has 4$"):
        Simulation(Trace.uniform(ET, 2), SYSTEM, NETWORK)


@pytest.mark.parametrize(
    ("option", "wrong", "argument"),
    [
        ("network-backend", {"backend": "ns3"}, "backend"),
        ("num-queues-per-dim", {"queues_per_dimension": 0}, "queues_per_dimension"),
        ("injection-scale", {"injection_scale": -1}, "injection_scale"),
        ("shortcuts", {"shortcuts": "on"}, "shortcuts"),
    ],
)
def test_an_option_has_its_name_in_python_and_on_the_command_line(
    option: str, wrong: dict[str, Any], argument: str
) -> None:
    with pytest.raises(OptionError) as raised:
        Options(**wrong)
    error = raised.value
    assert (error.option, error.argument) == (option, argument)
    assert re.match(f"{argument}: ", str(error))
    assert error.on_command_line() == f"--{option}: {error.problem}"


def test_precision_is_told_by_its_own_fields() -> None:
    assert OptionError("bytes-of-weights", "is 0").argument == "weights"
