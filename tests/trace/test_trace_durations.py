"""Durations of computations in parts of microseconds: in memory, in files, and simulated."""

import inspect
import pydoc
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra import NetworkConfig, Options, Simulation, SystemConfig, TraceBuilder
from simastra.simulation import dialect_named
from simastra.trace import load_trace
from simastra.trace.durations import duration_of_micros

SYSTEM = SystemConfig(preferred_dataset_splits=1, replay_only=True)
NETWORK = NetworkConfig(topology=["Ring"], npus_count=[2], bandwidth=[50], latency=[500])


@pytest.mark.parametrize(
    ("micros", "ns"),
    [
        (0, 0),
        (0.0, 0),
        (0.5, 500),
        (0.3, 300),
        (12.3456, 12346),
        (0.0005, 1),
        (1e-3, 1),
        (Decimal("2.0004"), 2000),
        (Fraction(1, 3), 333),
        (Fraction(2, 3), 667),
        (np.int64(7), 7000),
        (np.float32(1.5), 1500),
        (2**70, 2**70 * 1000),
    ],
)
def test_microseconds_of_any_type_are_rounded_to_whole_nanoseconds(micros: object, ns: int) -> None:
    assert duration_of_micros(micros) == ns


@given(st.integers(0, 2**50))
def test_a_number_of_nanoseconds_comes_back_from_microseconds(ns: int) -> None:
    assert duration_of_micros(Fraction(ns, 1000)) == ns
    if ns < 2**40:  # as far as a float tells nanoseconds apart
        assert duration_of_micros(ns / 1000) == ns


def half_a_microsecond() -> TraceBuilder:
    et = TraceBuilder()
    before = et.compute("kernel", micros=0.5)
    et.compute("kernel", micros=2.25, after=before)
    return et


def test_a_trace_in_memory_takes_its_durations_to_the_nanosecond() -> None:
    assert Simulation(half_a_microsecond(), SYSTEM, NETWORK).run().makespan == 2750


def test_a_file_has_whole_microseconds_for_astra_sim_and_the_nanoseconds_beside_them(
    tmp_path: Path,
) -> None:
    half_a_microsecond().write(tmp_path / "et", npus=2)
    nodes = load_trace(tmp_path / "et", 2).npus[0]
    assert [(node.duration, node.exact_duration) for node in nodes] == [(1000, 500), (2000, 2250)]
    rounded = Simulation(tmp_path / "et", SYSTEM, NETWORK)
    assert rounded.run().makespan == 3000
    assert "rounded-durations" in [notice.code for notice in rounded.notices]
    options = Options(dialect=dialect_named("hoti2024", exact_durations=True))
    assert Simulation(tmp_path / "et", SYSTEM, NETWORK, options=options).run().makespan == 2750


@pytest.mark.parametrize(
    "name", ["all_reduce", "all_gather", "reduce_scatter", "all_to_all", "broadcast"]
)
def test_help_names_the_options_of_each_collective(name: str) -> None:
    method = getattr(TraceBuilder, name)
    theirs = dict(inspect.signature(TraceBuilder.collective).parameters)
    assert theirs.pop("type").name == "type"
    assert dict(inspect.signature(method).parameters) == theirs
    assert "size: int" in pydoc.plain(pydoc.render_doc(method))
    getattr(TraceBuilder(), name)("works as before", size=64, priority=1)
