"""A result as pandas DataFrames."""

import sys

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from support.cases import load_cases, simulation_of
from support.machines import network, system
from support.recorded_runs import two_senders

from simastra import Simulation, TraceBuilder
from simastra.errors import InputError, MissingPackageError
from simastra.result import LinkRecord, Result
from simastra.view.devices import DeviceNames

DERIVED = ["duration", "type", "collective", "size", "group"]


def test_there_is_a_frame_of_nodes_of_links_and_of_finishes() -> None:
    frames = two_senders().result.to_pandas()
    assert frames.nodes.columns.tolist() == [
        *("npu", "node", "name", "activity", "issued", "finished", "duration"),
        *("type", "collective", "size", "group"),
    ]
    waiting = frames.nodes[frames.nodes["npu"] == 2]
    assert waiting["duration"].tolist() == [7000, 2500]
    assert frames.nodes["activity"].unique().tolist() == ["communication"]
    assert frames.links.set_index(["src", "dst"]).loc[(3, 2)].to_dict() == {
        "busy": 5000,
        "bytes": 10000,
        "messages": 2,
        "use": 5000 / 9500,
    }
    assert frames.finishes.values.tolist() == [[0, 7000], [1, 9500], [2, 9500]]


def test_the_frames_hold_what_the_result_holds() -> None:
    for case in load_cases("hoti2024")[::40]:
        result = simulation_of(case).run()
        frames = result.to_pandas()
        plain = result.to_dict()
        for npu, records in enumerate(plain["nodes"]):
            rows = frames.nodes[frames.nodes["npu"] == npu]
            plain_rows = rows.drop(columns=["npu", *DERIVED]).to_dict("records")
            assert plain_rows == [{key: it[key] for key in plain_rows[0]} for it in records]
            for key in DERIVED[1:]:
                told = [None if pd.isna(it) else it for it in rows[key]]
                assert told == [it.get(key) for it in records]
        assert frames.links.drop(columns="use").to_dict("records") == plain["links"]
        assert frames.finishes.to_dict("records") == plain["finishes"]


def test_an_empty_result_has_the_same_columns_and_types() -> None:
    empty, some = Result((), (), (), ()).to_pandas(), two_senders().result.to_pandas()
    assert_frame_equal(empty.nodes, some.nodes[:0])
    assert_frame_equal(empty.links, some.links[:0])
    assert_frame_equal(empty.finishes, some.finishes[:0])
    assert str(empty.nodes["issued"].dtype) == "int64"


@pytest.mark.parametrize(("size", "kind"), [(2**63 - 1, "int64"), (2**63, "object")])
def test_numbers_of_more_than_64_bits_stay_exact(size: int, kind: str) -> None:
    links = Result((), (), (LinkRecord(0, 1, 5, size, 1),), ()).to_pandas().links
    assert (links["bytes"].tolist(), str(links["bytes"].dtype)) == ([size], kind)
    assert links["use"].tolist() == [0]  # of a run in which no NPU has finished


def test_links_have_the_names_that_the_file_gives() -> None:
    link = LinkRecord(0, 1, 5, 8, 1)
    links = Result((), (), (link,), (), names=DeviceNames(1, {1: "leaf.0"})).to_pandas().links
    assert links[["from", "to"]].values.tolist() == [["NPU 0", "leaf.0"]]


def test_exposed_communication_is_that_of_the_slowest() -> None:
    row = two_senders().result.to_pandas().metrics.iloc[0]
    assert (row["exposed_communication"], row["bytes_sent"]) == (9500, 10000)


def test_metrics_are_a_row_and_memory_is_samples() -> None:
    trace = TraceBuilder()
    trace.annotate(tokens=8, weight_bytes=5)
    first = trace.compute("f", micros=1, writes={"a": 3})
    trace.compute("b", micros=1, reads={"a": 3}, after=first)
    result = Simulation(trace, system(), network(("Ring", 2))).run()
    frames = result.to_pandas()
    row = frames.metrics.iloc[0]
    assert (row["step_time"], row["tokens_per_s"], row["peak_memory"]) == (2000, 4_000_000, 8)
    assert (row["bound"], row["slack"], row["bytes_sent"]) == (2000, 0, 0)
    assert row["overload"] == 1
    assert row[["mfu", "hfu", "tflops_per_npu"]].isna().all()
    expected = [[npu, time, size] for npu in (0, 1) for time, size in ((0, 8), (2000, 5))]
    assert frames.memory.values.tolist() == expected


def test_without_pandas_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingPackageError) as caught:
        two_senders().result.to_pandas()
    assert str(caught.value) == (
        "Result.to_pandas() needs pandas, which is not installed here; install the extra that "
        "brings it: pip install 'simastra[notebook]'"
    )
    assert isinstance(caught.value, InputError)
    assert isinstance(caught.value, ImportError)
