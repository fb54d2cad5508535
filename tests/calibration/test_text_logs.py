"""Logs of nccl-tests and rccl-tests in every layout give the same measurements."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from support import nccl_logs
from support.nccl_logs import (
    BARE,
    NEW,
    OLD,
    ONE_BLOCK,
    PER_ITERATION,
    SIZES,
    TIMESTAMPS,
    Layout,
    log,
    time_us,
)

from simastra import CollectiveType, InputError
from simastra.calibration.measurements import LogOptions, Measurements, read_measurements

AR = CollectiveType.ALL_REDUCE


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Measurements]:
    def read(text: str | bytes, **options: object) -> Measurements:
        file = tmp_path / "some.log"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_measurements([file], dataclasses.replace(LogOptions(), **options))  # type: ignore[arg-type]  # given by name

    return read


def expected(kind: CollectiveType, npus: int, nodes: int = 1) -> list[tuple[object, ...]]:
    return [
        (kind, size, npus, nodes, float(nccl_logs.fitted(time_us(size, npus), 7))) for size in SIZES
    ]


def found(measurements: Measurements) -> list[tuple[object, ...]]:
    return [(it.collective, it.size, it.npus, it.nodes, it.us) for it in measurements.rows]


LAYOUTS = {
    "new": NEW,
    "old": OLD,
    "bare": BARE,
    "one block": ONE_BLOCK,
    "old, one block": dataclasses.replace(OLD, in_place=False),
    "per iteration": PER_ITERATION,
    "timestamps": TIMESTAMPS,
    "per iteration and timestamps": dataclasses.replace(PER_ITERATION, timestamp=True),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize(
    ("test", "kind"),
    [
        ("all_reduce", AR),
        ("all_gather", CollectiveType.ALL_GATHER),
        ("reduce_scatter", CollectiveType.REDUCE_SCATTER),
        ("alltoall", CollectiveType.ALL_TO_ALL),
        ("broadcast", CollectiveType.BROADCAST),
        ("reduce", CollectiveType.REDUCE),
    ],
)
def test_every_layout_is_read(
    read: Callable[..., Measurements], layout: Layout, test: str, kind: CollectiveType
) -> None:
    measurements = read(log(test, layout=layout))
    assert found(measurements) == expected(kind, 8)
    assert not measurements.notices
    source = measurements.sources[0]
    assert (source.tool, source.library) == ("nccl-tests", "NCCL 2.29.2")
    assert (source.rows, source.dropped) == (len(SIZES), 0)


LABELS = {
    "mpirun": "[1,0]<stdout>:",
    "srun": "0: ",
    "rank": "[0] ",
    "host": "machine-0: ",
    "container": "nccl-worker-0 | ",
    "time": "2026-01-31T12:00:00.123Z ",
    "time of day": "2026-01-31 12:00:00 INFO ",
    "colours": "\x1b[32m",
    "blanks": "\t",
}


@pytest.mark.parametrize("label", LABELS.values(), ids=LABELS)
@pytest.mark.parametrize("layout", [NEW, OLD, PER_ITERATION], ids=["new", "old", "per iteration"])
def test_labels_before_lines_are_looked_through(
    read: Callable[..., Measurements], label: str, layout: Layout
) -> None:
    text = "".join(f"{label}{line}\n" for line in log(layout=layout).splitlines())
    measurements = read(text)
    assert found(measurements) == expected(AR, 8)
    assert not measurements.notices


@pytest.mark.parametrize(
    "encoded",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode() + b"\xff\xfe\xfa broken \xf0",
    ],
    ids=["Windows lines", "byte-order mark", "UTF-16", "broken UTF-8"],
)
def test_encodings_of_shells_are_read(
    read: Callable[..., Measurements], encoded: Callable[[str], bytes]
) -> None:
    assert found(read(encoded(log()))) == expected(AR, 8)


def test_rccl_tests_are_told_apart(read: Callable[..., Measurements]) -> None:
    source = read(log(tool="rccl-tests")).sources[0]
    assert (source.tool, source.library) == ("rccl-tests", "RCCL 2.27.7")


def test_a_version_may_be_a_number(read: Callable[..., Measurements]) -> None:
    first = "# nccl-tests version 2.19.6 nccl-headers=22902 nccl-library=22803\n"
    text = first + log().replace("NCCL version 2.29.2+cuda13.0\n", "")
    assert read(text).sources[0].library == "NCCL 2.28.3"


def test_several_runs_in_a_file_are_kept_apart(read: Callable[..., Measurements]) -> None:
    text = log("all_gather", 2) + "\nnext\n" + log("alltoall", 4) + log("all_gather", 8)
    gather, exchange = CollectiveType.ALL_GATHER, CollectiveType.ALL_TO_ALL
    assert found(read(text)) == [
        *expected(gather, 2),
        *expected(gather, 8),
        *expected(exchange, 4),
    ]


def test_a_command_line_says_the_collective(read: Callable[..., Measurements]) -> None:
    commands = (
        "$ ./build/all_gather_perf -b 8 -e 1G -f 2 -g 8",
        "+ mpirun -np 8 --bind-to none /opt/nccl-tests/build/reduce_scatter_perf_mpi -b 8 -e 1G",
    )
    built = "Linking  all_reduce.o > build/all_reduce_perf\n"
    first, second = (log(it, starting=False) for it in ("all_gather", "reduce_scatter"))
    text = f"{built}{commands[0]}\n{first}{commands[1]}\n{second}"
    assert found(read(text)) == [
        *expected(CollectiveType.ALL_GATHER, 8),
        *expected(CollectiveType.REDUCE_SCATTER, 8),
    ]


def test_a_warning_amid_rows_begins_no_run(read: Callable[..., Measurements]) -> None:
    lines = log().splitlines()
    middle = next(index for index, it in enumerate(lines) if "65536 " in it)
    lines.insert(middle, "[machine-0:4000] Warning: btl openib in /opt/tests/all_gather_perf")
    lines.insert(middle, "mpirun -np 3 ./all_gather_perf -b 8")
    assert found(read("\n".join(lines))) == expected(AR, 8)


def test_a_command_between_tables_begins_a_run(read: Callable[..., Measurements]) -> None:
    rows = [it for it in log(npus=16).splitlines() if "float" in it]
    first, second = ("mpirun -np 16 ./all_reduce_perf -g 1", "mpirun -np 8 ./all_reduce_perf")
    eight = [it for it in log(npus=8).splitlines() if "float" in it]
    text = "\n".join([f"# nThread 1 nGpus 1\n{first}", *rows, second, "# nThread 1 nGpus 1"])
    assert found(read("\n".join([text, *eight]))) == [
        *expected(AR, 8),
        *expected(AR, 16, nodes=2),
    ]


def test_where_nothing_says_the_collective_it_is_asked_for(
    read: Callable[..., Measurements],
) -> None:
    text = log("all_gather", starting=False)
    with pytest.raises(InputError, match=r"collective: .*some\.log, line \d+ .*--collective"):
        read(text)
    gather = CollectiveType.ALL_GATHER
    assert found(read(text, collective=gather)) == expected(gather, 8)
    # Of two runs, the second isn't taken for another one of the first.
    with pytest.raises(InputError, match="collective"):
        read(log("all_reduce") + text)


def test_a_name_of_the_file_says_the_collective_if_nothing_else_does(tmp_path: Path) -> None:
    file = tmp_path / "nccl-reduce_scatter.8.log"
    file.write_text(log("reduce_scatter", starting=False))
    measurements = read_measurements([file])
    assert found(measurements) == expected(CollectiveType.REDUCE_SCATTER, 8)
    assert [it.code for it in measurements.notices] == ["collective-by-name"]
    given = read_measurements([file], LogOptions(collective=CollectiveType.ALL_GATHER))
    assert {it.collective for it in given.rows} == {CollectiveType.ALL_GATHER}


def test_hosts_are_nodes(read: Callable[..., Measurements]) -> None:
    assert found(read(log(npus=16, hosts=2))) == expected(AR, 16, nodes=2)
    assert found(read(log(npus=8, hosts=4))) == expected(AR, 8, nodes=4)
    # What is given is for logs that don't say it.
    assert found(read(log(npus=8, hosts=4), nodes=1)) == expected(AR, 8, nodes=4)
    assert found(read(log(npus=8, ranks=False), npus=8, nodes=2)) == expected(AR, 8, nodes=2)


def test_hosts_of_a_rack_scale_system_are_one_node(read: Callable[..., Measurements]) -> None:
    assert found(read(log(npus=8, hosts=2), gpus_per_node=72)) == expected(AR, 8)


@pytest.mark.parametrize(
    "command",
    [
        "mpirun -np 16 -N 8 ./build/all_reduce_perf -b 8 -e 1G -f 2 -g 1 -n 100",
        "+ srun --mpi=pmix --ntasks=16 all_reduce_perf -b 8 -n 50",
        "srun --nodes=2 --ntasks-per-node=8 --mpi=pmix all_reduce_perf_mpi -b 8 -n 50",
        "> mpirun --mca btl self,tcp \\\n>    -np 16 \\\n>    -x PATH \\\n> ./all_reduce_perf -n 7",
    ],
)
def test_where_ranks_are_left_out_gpus_times_processes_count(
    read: Callable[..., Measurements], command: str
) -> None:
    text = log(npus=16, ranks=False, starting=False)
    assert found(read(f"{command}\n{text}")) == expected(AR, 16, nodes=2)


def test_a_process_alone_has_all_of_its_gpus(read: Callable[..., Measurements]) -> None:
    one_process = log(npus=8, ranks=False).replace("nGpus 1", "nGpus 8")
    assert found(read(one_process)) == expected(AR, 8)


def test_where_nothing_says_how_many_gpus_they_are_asked_for(
    read: Callable[..., Measurements],
) -> None:
    text = log(npus=4, ranks=False)
    with pytest.raises(InputError, match=r"npus: .*some\.log, line \d+ .*algbw, among 4.*--npus 4"):
        read(text)
    assert found(read(text, npus=4)) == expected(AR, 4)


def test_groups_run_side_by_side(read: Callable[..., Measurements]) -> None:
    text = log(npus=8)
    for rank in range(4, 8):
        text = text.replace(f"Rank {rank:2} Group  0", f"Rank {rank:2} Group  1")
    with_busbw_of_four = read(text)
    assert {it.npus for it in with_busbw_of_four.rows} == {4}
    assert [it.code for it in with_busbw_of_four.notices] == ["busbw-differs"]


def test_the_largest_group_counts(read: Callable[..., Measurements]) -> None:
    text = log(npus=8)
    for rank in range(6, 8):
        text = text.replace(f"Rank {rank:2} Group  0", f"Rank {rank:2} Group  1")
    assert {it.npus for it in read(text).rows} == {6}


def test_two_runs_that_list_their_ranks_one_after_the_other_are_of_their_own_hosts(
    read: Callable[..., Measurements],
) -> None:
    one = log(npus=8).splitlines()
    ranks = [line for line in one if "Rank" in line]
    other = [line.replace("machine-0", "machine-1") for line in ranks]
    both = [*one[: one.index(ranks[-1]) + 1], *other, *one[one.index(ranks[-1]) + 1 :]]
    assert found(read("\n".join(both))) == expected(AR, 8)


def test_gpus_are_those_of_all_threads(read: Callable[..., Measurements]) -> None:
    text = log(npus=8, ranks=False).replace("nThread 1 nGpus 1", "nThread 4 nGpus 2")
    assert found(read(text)) == expected(AR, 8)


def test_a_damaged_row_says_nothing_of_how_many_gpus_there_are(
    read: Callable[..., Measurements],
) -> None:
    lines = log(npus=8, ranks=False).splitlines()
    at = next(index for index, it in enumerate(lines) if "1048576 " in it)
    numbers = lines[at].split()
    # As if among two, whose busbw is algbw.
    lines[at] = lines[at].replace(f" {numbers[7]} ", f" {numbers[6]} ")
    with pytest.raises(InputError, match="among 8"):
        read("\n".join(lines))
    assert {it.npus for it in read("\n".join(lines), npus=8).rows} == {8}


def test_a_run_without_its_header_begins_where_sizes_start_again(
    read: Callable[..., Measurements],
) -> None:
    command = "mpirun -np 8 ./all_gather_perf -g 1"
    rows = [it for it in log("all_gather").splitlines() if "float" in it]
    text = "\n".join([log(), command, *rows])
    gathered = expected(CollectiveType.ALL_GATHER, 8)
    assert found(read(text, npus=8)) == [*expected(AR, 8), *gathered]


def test_runs_of_one_gpu_each_are_no_collective(read: Callable[..., Measurements]) -> None:
    one = log(npus=8).splitlines()
    ranks = [line for line in one if "Rank" in line]
    text = "\n".join([*one[:4], *[ranks[0]] * 8, *one[4 + len(ranks) :]])
    with pytest.raises(InputError, match="among 1 GPU"):
        read(text)


def test_in_place_times_are_taken_when_asked_for(read: Callable[..., Measurements]) -> None:
    times = [it.us for it in read(log(), in_place=True).rows]
    assert times == [float(nccl_logs.fitted(time_us(size, 8) * 1.01, 7)) for size in SIZES]
    with pytest.raises(InputError, match=r"in-place"):
        read(log(layout=ONE_BLOCK), in_place=True)


def test_a_table_of_in_place_times_alone_has_no_others(
    read: Callable[..., Measurements],
) -> None:
    text = log(layout=ONE_BLOCK).replace("out-of-place", "in-place")
    with pytest.raises(InputError, match=r"out-of-place.*--in-place"):
        read(text)
    assert found(read(text, in_place=True)) == expected(AR, 8)


def test_n_a_is_no_number(read: Callable[..., Measurements]) -> None:
    assert found(read(log(wrong=lambda size: "N/A"))) == expected(AR, 8)


def test_rows_with_wrong_elements_are_left_out(read: Callable[..., Measurements]) -> None:
    measurements = read(log(wrong=lambda size: 3 if size >= 1 << 20 else 0))
    assert [it.size for it in measurements.rows] == [8, 1024, 65536]
    notice = measurements.notices[0]
    assert (notice.code, measurements.sources[0].dropped) == ("wrong-elements", 4)
    assert "3 more like it" in notice.where


def test_one_wrong_element_is_one_too_many(read: Callable[..., Measurements]) -> None:
    measurements = read(log(wrong=lambda size: 1 if size == 1024 else 0))
    assert 1024 not in {it.size for it in measurements.rows}
    assert measurements.sources[0].dropped == 1


def test_rows_that_take_nothing_or_are_tiny_are_left_out(
    read: Callable[..., Measurements],
) -> None:
    text = log(sizes=(0, 4, 8, 1024), time=lambda size, npus: 0 if size == 8 else 10.0)
    measurements = read(text)
    assert [it.size for it in measurements.rows] == [1024]
    assert {it.code for it in measurements.notices} == {"no-time", "tiny-size"}


def test_repeated_sizes_count_once_with_their_median(read: Callable[..., Measurements]) -> None:
    text = "".join(log(time=lambda size, npus, off=off: off * 100.0) for off in (1, 9, 2))
    assert {it.us for it in read(text).rows} == {200.0}


def test_bandwidths_that_differ_are_told(read: Callable[..., Measurements]) -> None:
    text = log()
    row = next(line for line in text.splitlines() if line.strip().startswith("1073741824"))
    cells = row.split()
    algbw, busbw = cells[6], cells[7]
    notices = read(text.replace(row, row.replace(f" {algbw} ", " 111.11 ", 1))).notices
    assert [it.code for it in notices] == ["algbw-differs"]
    assert f"line {text.splitlines().index(row) + 1}" in notices[0].where
    notices = read(text.replace(row, row.replace(f" {busbw} ", " 111.11 ", 1))).notices
    assert [it.code for it in notices] == ["busbw-differs"]


def test_other_tests_of_nccl_tests_are_left_out(read: Callable[..., Measurements]) -> None:
    measurements = read(log() + log("sendrecv", 2).replace("sendrecv", "hypercube"))
    assert found(measurements) == expected(AR, 8)
    assert [it.code for it in measurements.notices] == ["other-test"]


def test_messages_are_no_collective(read: Callable[..., Measurements]) -> None:
    measurements = read(log("sendrecv", 2) + log("sendrecv", 2, hosts=2))
    assert measurements.rows == ()
    assert [it.same_node for it in measurements.sends] == [True] * 7 + [False] * 7
    assert [it.size for it in measurements.sends] == [*SIZES, *SIZES]
    assert not measurements.notices


def test_the_first_version_had_milliseconds(read: Callable[..., Measurements]) -> None:
    text = """\
# Using devices
#   Rank  0 on   machine device  0 [0x06] Some GPU
#   Rank  1 on   machine device  1 [0x07] Some GPU
#                                                 out-of-place                    in-place
#      bytes             N    type      op     time  algbw  busbw      res     time  algbw  busbw
    33554432       8388608   float     sum    2.000  16.78  16.78    0e+00    2.000  16.78  16.78
"""
    text = text.replace("busbw\n", "busbw  res\n").replace("16.78\n", "16.78  0e+00\n")
    measurements = read(text, collective=AR)
    assert [(it.us, it.npus) for it in measurements.rows] == [(2000.0, 2)]
    assert not measurements.notices


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "holds no measurement: no row"),
        (b"hello\nworld\n", "holds no measurement: no row"),
        (b"\x1f\x8b\x08\x00", "is compressed"),
        (b"\x00\x01\x02" * 100, "is no text"),
    ],
)
def test_what_is_no_log_is_told(
    read: Callable[..., Measurements], content: bytes, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        read(content)


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="file not found"):
        read_measurements([tmp_path / "none.log"])
    with pytest.raises(InputError, match="is a directory"):
        read_measurements([tmp_path])
