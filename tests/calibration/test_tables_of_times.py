"""Measurements from CSV and JSON: of nccl-tests, of rccl-tests, of simastra, and of people."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.calibrations import MADE_UP
from support.nccl_logs import SIZES, nccl_json, time_us

from simastra import CollectiveType, InputError
from simastra.calibration.measurements import LogOptions, read_measurements
from simastra.cli import main

AR = CollectiveType.ALL_REDUCE


def rows(file: Path, options: LogOptions | None = None) -> list[tuple[object, ...]]:
    return [
        (it.collective, it.size, it.npus, it.nodes, it.us)
        for it in read_measurements([file], options).rows
    ]


def test_json_of_nccl_tests(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_text(json.dumps(nccl_json(), indent=2))
    assert rows(file) == [(AR, size, 16, 2, time_us(size, 16)) for size in SIZES]
    twice = [(AR, size, 16, 2, 2 * time_us(size, 16)) for size in SIZES]
    assert rows(file, LogOptions(in_place=True)) == twice
    source = read_measurements([file]).sources[0]
    assert (source.tool, source.library) == ("nccl-tests", "NCCL 2.29.2")


def test_json_of_nccl_tests_without_a_name(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_text(json.dumps(nccl_json(args=[])))
    with pytest.raises(InputError, match="collective: is wanted"):
        rows(file)
    assert rows(file, LogOptions(collective=AR))[0][0] is AR


@pytest.mark.parametrize("as_list", [True, False])
def test_json_of_rccl_tests(tmp_path: Path, *, as_list: bool) -> None:
    file = tmp_path / "run.json"
    objects = [
        {
            "#wrong": "0",
            "algBw": size / us / 1000,
            "busBw": size / us / 1000 * 1.5,
            "gpus": 4,
            "inPlace": in_place,
            "name": "AllReduce",
            "redop": "sum",
            "size": size,
            "time": us,
            "type": "float",
        }
        for size in SIZES
        for in_place, us in ((0, time_us(size, 4)), (1, 2 * time_us(size, 4)))
    ]
    lines = "\n".join(map(json.dumps, objects))
    file.write_text(json.dumps(objects) if as_list else lines)
    assert rows(file) == [(AR, size, 4, 1, time_us(size, 4)) for size in SIZES]
    twice = [(AR, size, 4, 1, 2 * time_us(size, 4)) for size in SIZES]
    assert rows(file, LogOptions(in_place=True)) == twice
    assert not read_measurements([file]).notices


def test_json_of_nccl_tests_with_groups_is_of_one_of_them(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    devices = [
        {"rank": it, "group": it // 4, "hostname": f"host-{it // 8}", "device": it % 8}
        for it in range(16)
    ]
    file.write_text(json.dumps(nccl_json(config={"devices": devices})))
    assert {(npus, nodes) for _, _, npus, nodes, _ in rows(file)} == {(4, 1)}


def test_ranks_may_have_several_gpus(tmp_path: Path) -> None:
    file = tmp_path / "run.csv"
    file.write_text("name,ranks,gpusPerRank,size,time\nAllGather,2,4,1024,20\n")
    assert rows(file) == [(CollectiveType.ALL_GATHER, 1024, 8, 1, 20.0)]


def test_no_row_is_of_more_nodes_than_gpus_or_of_more_gpus_than_there_are(tmp_path: Path) -> None:
    file = tmp_path / "run.csv"
    lines = ["collective,gpus,bytes,us,nodes", "alltoall,2,1024,11.5,4", "alltoall,10000001,8,9,1"]
    file.write_text("\n".join(lines))
    with pytest.raises(InputError, match="2 GPUs of 4 nodes"):
        rows(file)
    file.write_text("\n".join([lines[0], lines[2], "alltoall,2,1024,11.5,2"]))
    assert rows(file) == [(CollectiveType.ALL_TO_ALL, 1024, 2, 2, 11.5)]


def test_csv_of_rccl_tests_with_several_ranks(tmp_path: Path) -> None:
    file = tmp_path / "run.csv"
    header = "numCycle,name,nodes,ranks,ranksPerNode,gpusPerRank,size,type,redop,inPlace,time"
    file.write_text(f"{header},algBw,busBw,#wrong\n0,AllGather,2,16,8,1,1024,half,none,0,20,,,0\n")
    assert rows(file) == [(CollectiveType.ALL_GATHER, 1024, 16, 2, 20.0)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_by_usual_names(tmp_path: Path, delimiter: str) -> None:
    file = tmp_path / "some.csv"
    lines = ["collective,gpus,bytes,us,nodes", "alltoall,8,1024,11.5,1", "all-reduce,16,8,9,2"]
    file.write_text("\n".join(lines).replace(",", delimiter))
    assert rows(file) == [
        (AR, 8, 16, 2, 9.0),
        (CollectiveType.ALL_TO_ALL, 1024, 8, 1, 11.5),
    ]


def test_csv_by_other_names(tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    file.write_text("op,n,payload,usec,time\nAllReduce,8,1024,11.5,7\n")
    columns = {"collective": "op", "npus": "n", "bytes": "payload", "us": "usec"}
    assert rows(file, LogOptions(columns=columns)) == [(AR, 1024, 8, 1, 11.5)]
    with pytest.raises(InputError, match=r"columns: .*unknown column 'payloads'.*'payload'"):
        rows(file, LogOptions(columns={**columns, "bytes": "payloads"}))
    with pytest.raises(InputError, match=r"columns: unknown field 'byte'; did you mean 'bytes'"):
        rows(file, LogOptions(columns={"byte": "payload"}))
    with pytest.raises(InputError, match=r"no column for bytes among op, n, .*--columns bytes="):
        rows(file, LogOptions(columns={"collective": "op"}))


def test_rows_that_hold_no_numbers_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    file.write_text("collective,gpus,bytes,us\nallreduce,8,1024,11.5\nallreduce,8,1e3.5,x\n")
    measurements = read_measurements([file])
    assert len(measurements.rows) == 1
    assert "line 3" in measurements.notices[0].where


def test_a_table_of_several_systems_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    file.write_text("system,collective,gpus,bytes,us\na,allreduce,8,8,9\nb,allreduce,8,8,9\n")
    with pytest.raises(InputError, match=r"rows of 2 systems \(a, b\)"):
        rows(file)


def test_what_the_exact_mode_writes_is_read(tmp_path: Path) -> None:
    csv = tmp_path / "exact.csv"
    words = ["bandwidth", "all-reduce", "--system", "@hgx-h100", "--network", "@hgx-h100:8"]
    assert main([*words, "-b", "1K", "-e", "1M", "-f", "4", "--csv", str(csv)]) == 0
    options = LogOptions(collective=AR, npus=8)
    found = rows(csv, options)
    assert [row[1] for row in found] == [1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20]
    assert all(row[4] > 0 for row in found)
    assert not read_measurements([csv], options).notices
    with pytest.raises(InputError, match=r"npus: .*algbw, among 8"):
        rows(csv, LogOptions(collective=AR))


HEADER = "collective,gpus,bytes,us"
ROW = "all-reduce,8,1024,11.5"


def test_before_a_header_there_may_be_comments_and_empty_lines(tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    file.write_text(f"# bytes, us, of today\n\n{HEADER}\n{ROW}\n\nall-reduce,8,2048,x\n")
    measurements = read_measurements([file])
    assert [it.size for it in measurements.rows] == [1024]
    assert "line 6" in measurements.notices[0].where


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{HEADER}\n", "holds no measurement"),
        (f"\n{HEADER.replace('us', 'p50')}\n{ROW}\n", "--columns bytes=NAME,us=NAME"),
        (f"{HEADER},in_place\n{ROW},1\n", "has in-place times alone; calibrate with --in-place"),
        (f"{HEADER},nodes\n{ROW},0\n", "of 0 nodes"),
        (f"{HEADER},nodes\n{ROW},9\n", "8 GPUs of 9 nodes"),
        (f"{HEADER}\n{ROW.replace('11.5', '1e-320')}\n", "takes 9.99989e-321 us"),
    ],
    ids=["no rows", "other names", "in place", "no nodes", "too many nodes", "no time"],
)
def test_tables_of_which_nothing_counts_are_told(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "some.csv"
    file.write_text(text)
    with pytest.raises(InputError, match=message):
        rows(file)


@pytest.mark.parametrize("key", ["time", "alg_bw", "nwrong"])
def test_integers_that_no_float_can_be_are_no_numbers(tmp_path: Path, key: str) -> None:
    data: Any = nccl_json()
    for result in data["results"]:
        result["out_of_place"][key] = 10**400
    file = tmp_path / "run.json"
    file.write_text(json.dumps(data))
    if key == "time":
        with pytest.raises(InputError, match="has no size, or no time"):
            rows(file)
    else:
        assert len(rows(file)) == len(SIZES)


def test_nodes_that_are_larger_than_the_systems_are_told(tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    file.write_text(f"{HEADER},nodes\n{ROW},1\n")
    (notice,) = read_measurements([file], LogOptions(gpus_per_node=4)).notices
    assert (notice.code, "--gpus-per-node" in notice.fix) == ("larger-nodes", True)
    assert not read_measurements([file]).notices


def test_a_calibration_is_no_log() -> None:
    with pytest.raises(InputError, match="is a calibration, not what was measured; --check"):
        read_measurements([MADE_UP])
