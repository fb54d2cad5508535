"""All algorithms of a collective by size, and where another one becomes the fastest."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.machines import KEYS, network, system

from simastra.collectives import ALGORITHMS, FOUR_COLLECTIVES
from simastra.errors import ConfigError, OptionError
from simastra.report.bandwidth import sweep
from simastra.report.bandwidth.chart import comparison_svg
from simastra.report.bandwidth.comparison import AlgorithmComparison
from simastra.simulation import Options
from simastra.trace import CollectiveType
from simastra.units import KiB, MiB

AR, AG = CollectiveType.ALL_REDUCE, CollectiveType.ALL_GATHER
RING = network(("Ring", 16))


def time_of(name: str, collective: CollectiveType, size: int) -> int:
    given_name = system([name], preferred_dataset_splits=1, local_mem_bw=1600)
    (row,) = sweep(collective, [size], given_name, RING)
    return row.time


def comparison(collective: CollectiveType = AR, *names: str) -> AlgorithmComparison:
    config = system(preferred_dataset_splits=1, local_mem_bw=1600)
    return AlgorithmComparison(collective, config, RING, Options(), names)


@pytest.mark.parametrize("collective", FOUR_COLLECTIVES)
def test_each_algorithm_takes_what_it_takes_by_itself(collective: CollectiveType) -> None:
    made = comparison(collective)
    row = made.row(64 * KiB)
    assert {*row.rows, *made.unable} == {*ALGORITHMS}
    for name, timed in row.rows.items():
        assert timed.time == time_of(name, collective, 64 * KiB)
    assert row.rows[row.fastest].time == min(it.time for it in row.rows.values())


@settings(max_examples=10)
@given(
    names=st.lists(
        st.sampled_from(["ring", "direct", "swing", "recursiveDoubling", "bidirectionalRing"]),
        min_size=2,
        max_size=3,
        unique=True,
    ),
    collective=st.sampled_from([AR, AG]),
)
def test_at_a_crossover_the_one_is_faster_and_just_before_it_is_not(
    names: list[str], collective: CollectiveType
) -> None:
    able = [it for it in names if ALGORITHMS[it].plain.problem(collective, 16) is None]
    made = comparison(collective, *able)
    rows = [made.row(size) for size in (KiB, 16 * KiB, 256 * KiB, 4 * MiB)]
    for it in made.crossovers(rows):
        low = max(row.size for row in rows if row.size < it.size)
        just_before = max(low, it.size - max(it.size // 60, 16))
        before, after = (
            [time_of(name, collective, size) for size in (just_before, it.size)]
            for name in (it.before, it.after)
        )
        assert after[0] >= before[0]
        assert after[1] <= before[1]


def test_what_the_system_file_lists_is_compared_unless_it_is_one_of_them() -> None:
    two = network(("Ring", 4), ("Switch", 2))
    listed = AlgorithmComparison(AR, system(["ring", "direct"]), two, Options())
    assert "ring + direct" in listed.row(KiB).rows
    told = [{"name": "hierarchical", "node": 2}]
    config = system().model_copy(update={"all_reduce_implementation": told})
    one = AlgorithmComparison(AR, system(["oneRing"]), two, Options()).row(KiB).rows
    assert one["oneRing"].time != one["ring"].time
    assert "hierarchical (node 2)" in AlgorithmComparison(AR, config, RING, Options()).row(KiB).rows
    for same in (["ring", "ring"], ["auto", "auto"], ["ring"], ["direct2"], []):
        assert {*AlgorithmComparison(AR, system(same), two, Options()).row(KiB).rows} <= {
            *ALGORITHMS
        }


def test_what_is_gathered_from_all_has_whole_bytes_of_each() -> None:
    assert comparison(AG, "ring", "direct").row(1000).size == 992


def test_the_chart_has_a_curve_for_each_and_a_line_at_each_crossover() -> None:
    made = comparison()
    rows = [made.row(size) for size in (KiB, 16 * KiB, 256 * KiB)]
    crossovers = list(made.crossovers(rows))
    assert crossovers
    root = ET.fromstring(comparison_svg(made, rows, crossovers))
    found = [it.get("class") for it in root.iter()]
    assert found.count("curve") == len(rows[0].rows) == found.count("name")
    assert found.count("crossover") == len(crossovers)
    assert found.count("best") == len(rows)
    assert all(it.after in root.get("aria-label", "") for it in crossovers)


def test_a_chart_of_one_size_and_of_no_time_at_all_can_be_drawn() -> None:
    made = comparison(AR, "ring")
    ET.fromstring(comparison_svg(made, [made.row(1)], []))


def test_trees_of_collectives_with_a_root_are_compared() -> None:
    config = system(broadcast_implementation=["knomial3"])
    made = AlgorithmComparison(CollectiveType.BROADCAST, config, network(("Switch", 16)), Options())
    rows = [made.row(size) for size in (KiB, 4 * MiB)]
    assert [*rows[0].rows] == ["linear", "binomial", "knomial4", "knomial8", "knomial3"]
    assert rows[1].fastest == "binomial" != rows[0].fastest
    for name, row in rows[0].rows.items():
        alone = system(broadcast_implementation=[name])
        assert row == next(sweep(made.collective, [KiB], alone, made.network))
    with pytest.raises(OptionError, match="unknown tree 'ring'"):
        AlgorithmComparison(
            CollectiveType.GATHER, config, network(("Switch", 4)), Options(), ["ring"]
        )


def test_what_can_not_be_compared_is_refused() -> None:
    with pytest.raises(OptionError, match="unknown algorithm 'rinq'; did you mean 'ring'"):
        comparison(AR, "rinq")
    with pytest.raises(OptionError, match="no algorithm can run it; bruck: bruck can't run"):
        comparison(AR, "bruck").row(KiB)
    with pytest.raises(ConfigError):
        AlgorithmComparison(
            AR, system(["ring", "rinq"]), network(("Ring", 4), ("Ring", 2)), Options()
        )


def test_keys_of_all_collectives_name_fields() -> None:
    fields = type(system()).model_fields
    assert all(key.replace("-", "_") in fields for key in KEYS.values())
