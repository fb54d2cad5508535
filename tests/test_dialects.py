"""What each dialect decides, line by line as docs/behaviour.md has it."""

from dataclasses import fields

import pytest

from simastra.dialect import AUTO, DIALECTS, HOTI2024, MASTER, Dialect

ONLY_HOTI2024 = {
    *("cpu_by_default", "cpu_nodes_compute", "cpu_follows_roofline", "skips_empty_compute"),
    *("issues_freed_nodes_at_once", "receive_takes_unit", "traces_on_stdout"),
    *("reads_empty_traces", "needs_involved_dim", "reports_all_types", "confuses_data_sets"),
}
ONLY_MASTER = {
    *("follows_ctrl_deps", "skips_empty_roofline", "si_rates", "groups_by_node"),
    *("group_algorithms", "custom_collectives", "checks_own_end", "separate_tags"),
    *("reports_exposed_communication", "tracks_local_memory", "counts_dependencies_once"),
}


def decided(dialect: Dialect) -> set[str]:
    return {it.name for it in fields(dialect) if getattr(dialect, it.name) is True}


def test_dialects_decide_everything_in_opposite_ways() -> None:
    assert decided(HOTI2024) == ONLY_HOTI2024
    assert decided(MASTER) == ONLY_MASTER


def test_what_is_ours_is_asked_for() -> None:
    for dialect in DIALECTS.values():
        assert not decided(dialect) & {"extended_collectives", "exact_durations", "by_trace"}


@pytest.mark.parametrize(
    ("dialect", "offset", "most"), [(HOTI2024, 500_000_000, 2**20), (MASTER, 10**9, None)]
)
def test_numbers_of_a_dialect(dialect: Dialect, offset: int, most: int | None) -> None:
    assert (dialect.rendezvous_tag_offset, dialect.most_nodes) == (offset, most)
    assert DIALECTS[dialect.name] is dialect


def test_auto_is_hoti2024_until_a_trace_is_seen() -> None:
    assert decided(AUTO) == {*ONLY_HOTI2024, "by_trace"}
    assert AUTO.name == "auto"
    assert "auto" not in DIALECTS
