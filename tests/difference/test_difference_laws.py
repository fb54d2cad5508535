"""On 200 random pairs: tables sum to the difference, and the other way round is its negative."""

from collections.abc import Sequence

from compared_runs import pairs, runs

from simastra.difference import CostChange, Difference
from simastra.difference.data import difference_tables


def by_all(difference: Difference) -> tuple[Sequence[CostChange], ...]:  # type: ignore[type-arg]  # of any
    return (
        difference.by_cause,
        difference.by_work,
        difference.by_node,
        difference.by_collective,
        difference.by_link,
    )


def test_every_table_sums_to_the_difference_and_to_both_makespans() -> None:
    for one, other in pairs():
        a, b = runs()[one], runs()[other]
        difference = a.diff(b)
        assert difference.makespan == b.makespan - a.makespan
        for rows in by_all(difference):
            assert sum(row.a or 0 for row in rows) == a.makespan
            assert sum(row.b or 0 for row in rows) == b.makespan
            assert sum(row.difference for row in rows) == difference.makespan
            assert all(sum(row.causes.values()) == row.difference for row in rows)
            assert len({row.what for row in rows}) == len(rows)
        for npu in difference.npus:
            whole = (b.makespan if npu.b else 0) - (a.makespan if npu.a else 0)
            assert npu.difference == whole


def test_the_other_way_round_everything_is_negative() -> None:
    for one, other in pairs():
        there, back = (runs()[it] for it in (one, other))
        forth, opposite = there.diff(back), back.diff(there)
        assert forth.makespan == -opposite.makespan
        for rows, negative in zip(by_all(forth), by_all(opposite), strict=True):
            assert [(it.what, it.a, it.b, it.difference) for it in rows] == [
                (it.what, it.b, it.a, -it.difference) for it in negative
            ]
        assert [(it.npu, it.a, it.b, it.difference, it.finish) for it in forth.npus] == [
            (it.npu, it.b, it.a, -it.difference, -it.finish) for it in opposite.npus
        ]
        one_way, other_way = forth.first_divergence, opposite.first_divergence
        if one_way is None or other_way is None:
            assert one_way is other_way
        else:
            assert (one_way.time, one_way.a, one_way.b) == (
                other_way.time,
                other_way.b,
                other_way.a,
            )


def test_with_itself_nothing_differs() -> None:
    for run in runs():
        difference = run.diff(run)
        assert difference.is_empty
        assert difference.makespan == 0
        assert difference.first_divergence is None
        assert not any(row.difference or row.causes for rows in by_all(difference) for row in rows)
        assert not any(npu.causes for npu in difference.npus)
        assert str(difference).startswith(f"no difference: both take {run.makespan:,} ns")


def test_up_to_where_they_differ_the_critical_paths_take_the_same_time() -> None:
    for one, other in pairs():
        difference = runs()[one].diff(runs()[other])
        found = difference.first_divergence
        if found is None:
            assert difference.makespan == 0
            continue
        for run, span in ((difference.a, found.a), (difference.b, found.b)):
            begun = run.makespan if span is None else span.start
            assert begun == found.time


def test_plain_tables_have_every_row_and_sum_alike() -> None:
    for one, other in pairs()[:40]:
        difference = runs()[one].diff(runs()[other])
        *tables, npus = difference_tables(difference)
        for rows, table in zip(by_all(difference), tables, strict=True):
            told = table.to_dicts()
            assert [it["difference_ns"] for it in told] == [row.difference for row in rows]
        causes = list(npus.names[4:])
        for row, npu in zip(npus.to_dicts(), difference.npus, strict=True):
            assert sum(int(row[name] or 0) for name in causes) == npu.difference
