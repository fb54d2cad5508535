"""Bandwidths, and rows of tables, of collectives and links made by hand."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.machines import network, system
from support.made_runs import made_result, node

from simastra.report.bandwidth import (
    CollectiveRecord,
    Rates,
    SweepRow,
    rates,
    sizes_between,
    sweep,
    too_fast,
)
from simastra.report.data_tables import collective_table, link_table, write_tables
from simastra.report.data_tables.tables import group_table
from simastra.result import LinkRecord
from simastra.simulation import Options
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import comm_size_for
from simastra.view.devices import DeviceNames
from simastra.view.table import Table, left


@pytest.mark.parametrize(
    ("asked", "sizes"),
    [
        ({}, (1, 2, 4, 8)),
        ({"factor": 3}, (1, 3)),
        ({"factor": 2}, (1, 2, 4, 8)),
        ({"step": 1}, (1, 2, 3, 4, 5, 6, 7, 8)),
        ({"step": 4}, (1, 5)),
    ],
)
def test_sizes_reach_the_largest(asked: dict[str, int], sizes: tuple[int, ...]) -> None:
    assert sizes_between(1, 8, **asked) == sizes
    assert sizes_between(5, 5, **asked) == (5,)
    for smallest, largest in ((0, 8), (-1, 8), (6, 5)):
        with pytest.raises(ValueError, match="sizes must grow from at least 1"):
            sizes_between(smallest, largest, **asked)


def test_a_factor_of_1_and_a_step_of_0_never_end() -> None:
    for asked in ({"factor": 1}, {"factor": 0}, {"step": 0}, {"step": -1}):
        with pytest.raises(ValueError, match="sizes must grow"):
            sizes_between(1, 8, **asked)
    with pytest.raises(ValueError, match="either multiplied by a factor or increased by a step"):
        sizes_between(1, 8, factor=2, step=2)


def rows(*busbws: float) -> list[SweepRow]:
    return [SweepRow(100 + k, 7, Rates(1, busbw)) for k, busbw in enumerate(busbws)]


def test_what_is_more_than_all_links_carry_is_noticed() -> None:
    shape = network(("Ring", 4), bandwidth=10 * 1e9 / 2**30)  # both neighbours, 10 bytes a ns each
    links = 2 * shape.bytes_per_ns[0]
    assert too_fast([SweepRow(1, 0, None)], shape) == too_fast([], shape) == ()
    assert too_fast(rows(3, links), shape) == ()
    (notice,) = too_fast([*rows(3, links * 1.5, 4), SweepRow(1, 0, None)], shape)
    assert (notice.code, notice.where) == ("faster-than-links", "network: bandwidth")
    for part in ("a busbw of 30 GB/s", "at 101 bytes", "20 GB/s"):
        assert part in notice.message


@pytest.mark.parametrize("npus", [1, 2, 8])
def test_sizes_of_nodes_and_sizes_of_nccl_tests_belong_together(npus: int) -> None:
    gather, reduce = CollectiveType.ALL_GATHER, CollectiveType.ALL_REDUCE
    for size in (0, 1, 7, 8, 64):
        assert comm_size_for(gather, size, npus) == max(size // npus, 1)
        assert comm_size_for(reduce, size, npus) == max(size, 1)


@pytest.mark.parametrize("npus", [1, 2, 5])
def test_bandwidths_for_few_npus(npus: int) -> None:
    found = rates(CollectiveType.ALL_REDUCE, 600, npus, 30)
    assert found == Rates(20, 20 * 2 * (npus - 1) / npus)
    assert rates(CollectiveType.ALL_TO_ALL, 600, npus, 30) == Rates(20, 20 * (npus - 1) / npus)
    assert rates(CollectiveType.REDUCE, 600, npus, 30) == Rates(20, 20)


def test_a_sweep_has_a_row_a_size_and_takes_options() -> None:
    options = Options(backend="congestion-unaware")
    shape = network(("Ring", 2))
    found = list(sweep(CollectiveType.ALL_GATHER, [1, 3, 64], system(), shape, options))
    assert [row.size for row in found] == [2, 2, 64]
    assert all(
        row.rates == rates(CollectiveType.ALL_GATHER, row.size, 2, row.time) for row in found
    )
    assert found == list(sweep(CollectiveType.ALL_GATHER, [1, 3, 64], system(), shape))


def record(**changes: Any) -> CollectiveRecord:
    made = CollectiveRecord("ar", CollectiveType.ALL_REDUCE, 3, 0, (1, 2, 5, 7), 800, 10, 30, 130)
    return replace(made, **changes)


def test_a_row_of_a_collective() -> None:
    barrier = record(collective=CollectiveType.BARRIER, size=0)
    assert collective_table([record(), barrier]).rows == (
        ("ar", "ALL_REDUCE", 3, 4, 800, 10, 30, 130, 20, 100, 8.0, 12.0),
        ("ar", "BARRIER", 3, 4, 0, 10, 30, 130, 20, 100, None, None),
    )


def test_a_row_of_a_group_sums_up_its_collectives() -> None:
    second = record(first_issued=130, last_issued=140, finished=190, size=100)
    other = record(npus=(0, 1), first_issued=5, last_issued=5, finished=5)
    barrier = record(collective=CollectiveType.BARRIER, size=0, group=1)
    assert group_table([record(), other, second, barrier]).rows == (
        (1, 4, 1, 1, 0, 20, 100, 120, 0.0),
        (3, 2, 0, 1, 800, 0, 0, 0, None),
        (3, 4, 1, 2, 900, 30, 150, 180, (12.0 * 100 + 3.0 * 50) / 150),
    )


def test_links_of_a_run_without_time_have_no_use() -> None:
    links = [LinkRecord(0, 3, 5, 100, 2), LinkRecord(3, 2, 4, 80, 1)]
    still = made_result([], [], [], links=links, finishes=[])
    assert link_table(still, DeviceNames(3)).rows == (
        (0, 3, "NPU 0", "switch 3", 5, None, 100, 2, None),
        (3, 2, "switch 3", "NPU 2", 4, None, 80, 1, None),
    )
    ended = made_result([node(1, 0, 10)], [], [], links=links)
    assert [row[5:] for row in link_table(ended, DeviceNames(3)).rows] == [
        (0.5, 100, 2, 10),
        (0.4, 80, 1, 8),
    ]


def test_tables_are_files_to_the_byte(tmp_path: Path) -> None:
    table = Table(left("a", "b"), ((1, "é"), (None, 0.5)), "t")
    written = write_tables(tmp_path / "deep" / "er", [table, Table(left("c"), (), "u")])
    assert [it.name for it in written] == ["t.csv", "u.csv", "tables.json"]
    assert [it.read_text("utf-8") for it in written] == [
        "a,b\n1,é\n,0.5\n",
        "c\n",
        '{\n "t": [\n  {\n   "a": 1,\n   "b": "é"\n  },\n  {\n   "a": null,\n   "b": 0.5\n  }\n ],'
        '\n "u": []\n}\n',
    ]
