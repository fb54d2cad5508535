"""The recordings of all ranks: what belongs together, groups that agree, tasks in processes."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from simastra.convert.pytorch import GroupNumbering, convert_pytorch
from simastra.convert.recordings import convert_ranks, find_recordings, read_recording
from simastra.convert.recordings.files import number_in_name
from simastra.convert.recordings.processes import in_processes
from simastra.errors import InputError, OptionError, TraceError

FIELD = Path(__file__).parents[2] / "field" / "groups-across-ranks"
NCCL = "ncclDevKernel_AllReduce_Sum_f32_RING_LL(ncclDevComm*)"


def device(path: Path, rank: int | None, groups: dict[str, list[int]], world: int = 4) -> None:
    """A device trace of a rank: an all-reduce in each of its groups."""
    told: dict[str, Any] = {"Collective name": "allreduce", "In msg nelems": 8, "dtype": "Float"}
    events = [
        {
            **{"ph": "X", "cat": "kernel", "name": NCCL, "pid": 0, "tid": 9},
            **{"ts": 100 * place, "dur": 50},
            "args": {"stream": 9, "Process Group Name": name, "Group size": len(ranks), **told},
        }
        for place, (name, ranks) in enumerate(groups.items())
    ]
    config = [{"pg_name": name, "ranks": ranks} for name, ranks in groups.items()]
    info = {"world_size": world, "pg_config": config} | ({} if rank is None else {"rank": rank})
    document = {"schemaVersion": 1, "distributedInfo": info, "traceEvents": events}
    path.write_text(json.dumps(document))


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("host.3.json.gz", 3),
        ("trace_rank12_1695835535.json", 12),
        ("rank-0.1695835535991.pt.trace.json", 0),
        ("trace.json", None),
        ("v2_run7_15.json", 15),
    ],
)
def test_a_name_tells_the_rank_behind_the_word_else_by_its_last_number(
    name: str, number: int | None
) -> None:
    assert number_in_name(name) == number


def test_a_folder_s_pairs_belong_together_and_other_files_are_passed_over() -> None:
    found = find_recordings([str(FIELD)]).ranks
    assert [(it.rank, it.path.name, it.host and it.host.name) for it in found] == [
        (rank, f"device.{rank}.json", f"host.{rank}.json") for rank in range(4)
    ]


def test_a_host_trace_is_of_the_rank_that_the_device_trace_says(tmp_path: Path) -> None:
    for rank in range(2):
        device(tmp_path / f"dev_{1695835535 + rank}.json", rank, {})
        (tmp_path / f"et{rank}.json").write_text('{"schema": "1.1.0", "nodes": []}')
    found = find_recordings([str(tmp_path)]).ranks
    assert [(it.rank, it.host and it.host.name) for it in found] == [
        (0, "et0.json"),
        (1, "et1.json"),
    ]


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (["host.0.json", "host.1.json", "device.1.json"], "no device trace for this host trace"),
        (["host.1.json", "device.1.json", "device.2.json"], "has no host trace, as others have"),
        (["host.0.json", "device.1.json"], "no device trace for this host trace .* number 0"),
        (["system.json", "device.1.json"], "this is a system configuration"),
        (["absent.json", "device.1.json"], "absent.json: the file does not exist"),
        (["none_*.json"], "no file has such a name"),
    ],
)
def test_what_does_not_belong_together_is_refused(names: list[str], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        find_recordings([str(FIELD / name) for name in names])


def test_files_of_a_pattern_that_are_something_else_are_passed_over_and_unknown_ones_told(
    tmp_path: Path,
) -> None:
    device(tmp_path / "d0.json", 0, {})
    (tmp_path / "system.json").write_text('{"all-reduce-implementation": ["ring"]}')
    (tmp_path / "d1.json").write_bytes(b"\x1f\x8b damaged")
    for word in (str(tmp_path), str(tmp_path / "*.json")):
        found = find_recordings([word])
        assert [it.path.name for it in found.ranks] == ["d0.json"]
        assert [Path(notice.where).name for notice in found.notices] == ["d1.json"]
    with pytest.raises(InputError, match="no recording of PyTorch is among these files"):
        find_recordings([str(tmp_path / "s*.json")])


def test_two_traces_of_a_rank_and_one_of_none_are_refused(tmp_path: Path) -> None:
    device(tmp_path / "a0.json", 0, {})
    device(tmp_path / "b0.json", 0, {})
    with pytest.raises(InputError, match=r"a0.json and .*b0.json are both of rank 0"):
        find_recordings([str(tmp_path)])
    device(tmp_path / "b0.json", None, {})
    (tmp_path / "b0.json").rename(tmp_path / "b.json")
    with pytest.raises(TraceError, match="neither it nor its name tells its rank"):
        find_recordings([str(tmp_path)])
    (tmp_path / "a0.json").unlink()
    assert [it.rank for it in find_recordings([str(tmp_path)]).ranks] == [0]


def test_a_trace_that_says_another_rank_than_its_name_is_refused(tmp_path: Path) -> None:
    device(tmp_path / "d.0.json", 0, {"1": [0, 1]})
    document = json.loads((tmp_path / "d.0.json").read_text())
    info = document.pop("distributedInfo") | {"rank": 3}
    (tmp_path / "d.0.json").write_text(json.dumps({**document, "distributedInfo": info}))
    # What stands behind the events is read when these are.
    recordings = find_recordings([str(tmp_path)]).ranks
    assert [it.rank for it in recordings] == [0]
    with pytest.raises(TraceError, match="it is of rank 3, and its name of rank 0"):
        convert_ranks(recordings)


def test_names_that_contradict_each_other_give_way_to_members(tmp_path: Path) -> None:
    groups = [{"1": [0, 1]}, {"1": [0, 1]}, {"1": [2, 3]}, {"1": [2, 3]}]
    for rank, own in enumerate(groups):
        device(tmp_path / f"d.{rank}.json", rank, own)
    recordings = find_recordings([str(tmp_path)]).ranks
    conversion = convert_ranks(recordings, workers=1)
    assert sorted(conversion.groups.values()) == [[0, 1], [2, 3]]
    assert "groups-by-members" in {notice.code for notice in conversion.notices}
    for each in conversion.ranks:
        (number,) = each.conversion.groups
        assert each.rank in conversion.groups[number]
    with pytest.raises(OptionError, match=r"group 1 is .* in the ranks before"):
        convert_ranks(recordings, numbering=GroupNumbering.NAMES, workers=1)


def test_processes_make_what_one_makes_and_what_each_rank_makes_alone() -> None:
    recordings = find_recordings([str(FIELD / "device.*.json")]).ranks
    together = convert_ranks(recordings, workers=2)
    assert together == convert_ranks(recordings, workers=1)
    for rank, recording in zip(together.ranks, recordings, strict=True):
        alone = convert_pytorch(read_recording(recording.path), rank=rank.rank)
        assert alone.content == rank.conversion.content
    codes = [notice.code for notice in together.notices]
    assert codes == ["no-host-trace"]  # once for all
    assert "likewise 3 other files" in together.notices[0].message


def test_ranks_that_were_not_recorded_are_told(tmp_path: Path) -> None:
    for rank in (0, 3):
        device(tmp_path / f"d.{rank}.json", rank, {"0": []}, world=64)
    notices = convert_ranks(find_recordings([str(tmp_path)]).ranks, workers=1).notices
    (missing,) = (notice for notice in notices if notice.code == "missing-ranks")
    assert "62 of 64 ranks have no recording (1, 2, 4, 5, 6 and 57 more)" in missing.message


def squared_unless_odd(number: int) -> int:
    """A task: odd numbers are mistakes, and -1 ends the process."""
    if number < 0:
        os._exit(1)
    if number % 2:
        raise TraceError("odd", source=f"task {number}", node=number)
    return number * number


def test_results_come_in_the_order_of_the_tasks() -> None:
    assert list(in_processes(squared_unless_odd, range(0, 14, 2), 3)) == [
        number * number for number in range(0, 14, 2)
    ]


def test_the_first_task_that_fails_is_told_whatever_comes_after() -> None:
    with pytest.raises(TraceError, match=r"^task 3, node 3: odd$") as caught:
        list(in_processes(squared_unless_odd, [2, 3, 5, 4, 7], 2))
    assert (caught.value.source, caught.value.node) == ("task 3", 3)


def test_a_process_that_is_killed_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="-1: the process that converted it ended"):
        list(in_processes(squared_unless_odd, [2, -1], 2))
