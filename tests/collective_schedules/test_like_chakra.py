"""MSCCL's XML as Chakra's converter makes ETs of it: names, attributes, dependencies."""

from hashlib import sha256
from pathlib import Path

import pytest
from msccl_plans import all_pairs, halving_doubling, ring_all_reduce

from simastra.cli import main
from simastra.collective_schedules import ScheduleError
from simastra.collective_schedules.like_chakra import chakra_traces
from simastra.trace import et_def_pb2
from simastra.trace.protobuf import Messages, parse_messages

COMMON = ["comm_tag", "msg_chunk_cnt", "msg_chunk_idx", "total_chunk_cnt", "local_time_step"]
LAST = ["hasdep", "deps", "depid", "tb_id"]


def parsed(text: str) -> list[Messages]:
    return [parse_messages(it, "made") for it in chakra_traces(text, "algo.xml")]


def values(node: et_def_pb2.Node) -> dict[str, int]:
    return {it.name: getattr(it, str(it.WhichOneof("value"))) for it in node.attr}


def test_nodes_have_the_names_attributes_and_dependencies_of_chakras() -> None:
    text = halving_doubling(4).xml()
    first, *_ = parsed(text)
    assert [(it.name, it.string_val) for it in first.metadata.attr] == [
        ("schema", "1.0.2-chakra.0.0.4"),
        ("input_file", text),
        ("collective", "allreduce"),
    ]
    assert first.metadata.version == ""
    assert [(it.id, it.name, list(it.data_deps)) for it in first.nodes] == [
        (0, "COMM_SEND_NODE_tb0_step0", []),
        (1, "COMM_RECV_NODE_tb0_step1", [0]),
        (2, "COMP_NODE_tb0_step1", [1]),
        (3, "COMM_SEND_NODE_tb0_step2", [9, 2]),
        (4, "COMM_RECV_NODE_tb0_step3", [3]),
        (5, "COMM_SEND_NODE_tb1_step0", [2]),
        (6, "COMM_RECV_NODE_tb1_step1", [5]),
        (7, "COMP_NODE_tb1_step1", [6]),
        (8, "COMM_SEND_NODE_tb1_step2", [7]),
        (9, "COMM_RECV_NODE_tb1_step3", [8]),
    ]
    send, receive, reduction = first.nodes[:3]
    assert [it.name for it in send.attr] == [
        *("comm_type", "comm_dst", *COMMON, "chunk_offset", *LAST)
    ]
    assert [it.name for it in receive.attr] == [
        *("comm_type", "comm_src", *COMMON, "chunk_offset", "is_rrc", *LAST)
    ]
    assert not reduction.attr
    assert {it.name: it.WhichOneof("value") for it in receive.attr} == {
        **dict.fromkeys([it.name for it in receive.attr], "int32_val"),
        "comm_type": "int64_val",
        "is_rrc": "bool_val",
    }
    assert values(receive) == {
        **{"comm_type": 6, "comm_src": 2, "comm_tag": 0, "msg_chunk_cnt": 2, "msg_chunk_idx": 0},
        **{"total_chunk_cnt": 4, "local_time_step": 1, "chunk_offset": 0, "is_rrc": True},
        **{"hasdep": 1, "deps": -1, "depid": -1, "tb_id": 0},
    }


@pytest.mark.parametrize(
    ("ranks", "digest"),
    [
        (4, "39a0f66134ec89f4e152bffc91141f562706f10a437e7dafebc2485351b5887d"),
        (8, "87f8cb3dcb30a31c0af5fdb4728b859fba918a435004b971a39c9a44c2f5dd77"),
    ],
)
def test_bytes_are_those_that_the_converter_of_december_2025_wrote(ranks: int, digest: str) -> None:
    made = b"".join(chakra_traces(halving_doubling(ranks).xml(), "algo.xml"))
    assert sha256(made).hexdigest() == digest


def test_a_nop_takes_a_number_and_hands_its_dependency_on() -> None:
    text = halving_doubling(2).xml()
    lines = text.splitlines()
    nop = lines[4].replace('type="rrc"', 'type="nop"').replace('s="1"', 's="4"')
    nop = nop.replace('depid="-1" deps="-1"', 'depid="0" deps="1"')
    send = lines[5].replace('s="2"', 's="5"')
    first = parsed("\n".join([*lines[:7], nop, send, *lines[7:]]))[0]
    assert [it.id for it in first.nodes] == [0, 1, 2, 3, 4, 6]
    assert list(first.nodes[-1].data_deps) == [2, 4]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (ring_all_reduce(3).xml(), "line 5, <step>: is of type rrcs, which Chakra's converter"),
        (all_pairs(3).xml(), "line 4, <step>: is of type s|has another srcoff than dstoff"),
    ],
)
def test_what_chakra_stops_at_is_told(text: str, problem: str) -> None:
    with pytest.raises(ScheduleError, match=problem):
        chakra_traces(
            text.replace('srcoff="0" dstbuf="s" dstoff="0"', 'srcoff="0" dstbuf="s" dstoff="1"'),
            "algo.xml",
        )


def test_the_option_writes_them_without_a_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = halving_doubling(2).xml()
    Path("hd.xml").write_text(text)
    words = ["convert", "msccl", "hd.xml", "--output", "hd", "--like-chakra"]
    assert main(words) == 0
    assert capsys.readouterr().out.startswith("hd.0.et to hd.1.et: all-reduce among 2 ranks\n")
    made = chakra_traces(text, "hd.xml")
    assert [Path(f"hd.{rank}.et").read_bytes() for rank in range(2)] == made
    Path("times.json").write_text('{"collective": "broadcast", "ranks": 1, "transfers": []}')
    assert main(["convert", "msccl", "times.json", "--output", "o", "--like-chakra"]) == 2
    assert "--like-chakra: times.json isn't MSCCL's XML" in capsys.readouterr().err
