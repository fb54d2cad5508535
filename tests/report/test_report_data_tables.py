"""Tables of a simulation, as data, CSV and JSON."""

import json
from pathlib import Path

import pytest
from hypothesis import strategies as st
from support.recorded_runs import collective_on, two_senders

from simastra.errors import OptionError
from simastra.report.data_tables import link_table, result_tables, write_tables
from simastra.view.devices import DeviceNames

CELLS = st.one_of(st.integers(), st.text(st.characters(exclude_categories=("Cs", "Cc"))), st.none())


def test_there_is_a_table_for_each_of_npus_collectives_groups_and_links() -> None:
    run = collective_on(("Ring", 4))
    tables = {it.title: it for it in result_tables(run.simulation, run.result)}
    assert list(tables) == ["npus", "collectives", "groups", "links"]
    assert [len(it.rows) for it in tables.values()] == [4, 1, 1, 4]
    (row,) = tables["collectives"].to_dicts()
    assert (row["collective"], row["npus"], row["size"]) == ("ALL_REDUCE", 4, 2**20)
    assert row["time_ns"] == run.result.makespan
    npu = tables["npus"].to_dicts()[3]
    assert npu["wall_ns"] == npu["exposed_communication_ns"] == run.result.cycles[3]


def test_links_are_named_by_what_is_at_their_ends() -> None:
    run = two_senders()
    rows = link_table(run.result, DeviceNames(3)).to_dicts()
    assert [(it["from"], it["to"]) for it in rows] == [
        ("NPU 0", "switch 3"),
        ("NPU 1", "switch 3"),
        ("switch 3", "NPU 2"),
    ]
    assert rows[2]["use"] == 5000 / 9500


def test_files_hold_the_tables_and_come_out_the_same_each_time(tmp_path: Path) -> None:
    run = collective_on(("Ring", 4))
    tables = result_tables(run.simulation, run.result)
    written = write_tables(tmp_path / "out", tables)
    assert [path.name for path in written] == [
        *("npus.csv", "collectives.csv", "groups.csv", "links.csv", "tables.json")
    ]
    before = [path.read_bytes() for path in written]
    again = collective_on(("Ring", 4))
    write_tables(tmp_path / "out", result_tables(again.simulation, again.result))
    assert [path.read_bytes() for path in written] == before
    document = json.loads((tmp_path / "out" / "tables.json").read_text())
    assert document["links"] == tables[3].to_dicts()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OptionError, match=r"tables: .*file can't be made a folder: File exists"):
        write_tables(tmp_path / "file", ())
    with pytest.raises(OptionError, match=r"tables: .*such can't be made a folder: Not a dir"):
        write_tables(tmp_path / "file" / "such", ())
