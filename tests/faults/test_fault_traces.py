"""Mistakes in ETs: one message that names the file and the node, and exit code 2."""

import gzip
import random
import struct
from pathlib import Path

import pytest
from broken_inputs import (
    METADATA,
    NPUS,
    SOUND,
    Fault,
    Files,
    NodeFields,
    coll,
    comp,
    node,
    records,
    recv,
    run,
    send,
)
from support import et_writer
from support.et_writer import bytes_field, et_file, number_field

from simastra.trace.framing import split_records


def in_trace(name: str, nodes: list[NodeFields], *says: str, words: tuple[str, ...] = ()) -> Fault:
    """NPU 2 has these nodes, the others are sound."""

    def spoil(files: Files) -> None:
        files.trace(2, nodes)
        files.words.extend(words)

    return Fault(name, spoil, ("wl.2.et", *says))


def in_bytes(name: str, data: bytes, *says: str) -> Fault:
    """NPU 2's file holds these bytes, the others are sound."""
    return Fault(name, lambda files: files.write("wl.2.et", data), ("wl.2.et", *says))


def with_attribute(description: NodeFields, attribute: bytes) -> bytes:
    """A file of one node with one more attribute, as bytes."""
    return records(METADATA, et_writer.node(description) + bytes_field(10, attribute))


MASTER = ("--compat=master",)
FLOAT = bytes_field(1, b"comm_size") + b"\x2d" + struct.pack("<f", 1.5)
NAN = bytes_field(1, b"comm_size") + b"\x2d" + struct.pack("<f", float("nan"))
SOUND_FILE = et_file(SOUND)


def make_directory(files: Files) -> None:
    (files.folder / "wl.2.et").unlink()
    (files.folder / "wl.2.et").mkdir()


FAULTS = (
    # Files.
    Fault(
        "a file is missing",
        lambda files: (files.folder / "wl.2.et").unlink(),
        ("wl.2.et: the file does not exist", "wl.0.et to wl.3.et", "wl.0.et, wl.1.et, wl.3.et"),
    ),
    Fault(
        "the prefix is a file",
        lambda files: files.words.append("--workload=wl.0.et"),
        ("wl.0.et.0.et: the file does not exist", "the prefix ends before .<npu>.et"),
    ),
    Fault(
        "the network is larger",
        lambda files: files.network(6),
        ("wl.4.et: the file does not exist. For a network of 6 NPUs", "wl.0.et to wl.5.et"),
    ),
    Fault("a directory", make_directory, ("wl.2.et: this is a directory; name a trace file",)),
    in_bytes("an empty file", b"", "byte 0: the file is empty; a trace begins with GlobalMetadata"),
    in_bytes(
        "a gzip file cut short", gzip.compress(SOUND_FILE)[:-9], "gzip-compressed and damaged"
    ),
    in_bytes("a gzip file of nothing", gzip.compress(b""), "byte 0: the file is empty"),
    in_bytes(
        "a damaged gzip file",
        gzip.compress(SOUND_FILE)[:-6] + b"\0\0\0\0\0\0",
        "gzip-compressed and damaged",
    ),
    in_bytes("a text file", b"hybrid transformer\n3\n", "byte 0", "the file is text"),
    in_bytes(
        "a text workload", b"HYBRID_TRANSFORMER\n3\n", "this is a text workload of ASTRA-sim 1"
    ),
    in_bytes("JSON", b'{"schema": "1.0.2-chakra.0.0.4"}'),
    in_bytes("ten megabytes of zeros", bytes(10**7), "wl.2.et, byte 1", "the record is empty"),
    in_bytes("ten megabytes of 0xff", b"\xff" * 10**7, "byte 0", "at most 5 bytes"),
    in_bytes("garbage behind a trace", SOUND_FILE + b"\xff" * 20, f"byte {len(SOUND_FILE)}"),
    in_bytes("no metadata", records(et_writer.node(comp(1))), "byte 0", "not Chakra's GlobalMeta"),
    in_bytes("an empty record", records(METADATA, b""), "byte 8", "the record is empty"),
    in_bytes("a record of text", records(METADATA, b"node 1"), "byte 8", "not a Chakra node"),
    # Dependencies.
    in_trace("an id twice", [comp(7), comp(7)], "node 7: two nodes have this id"),
    in_trace("a node on itself", [comp(1), comp(2, [2])], "node 2: depends on itself"),
    in_trace("a node on nothing", [comp(1), comp(2, [9])], "node 2: depends on node 9, which the"),
    in_trace("a circle of two", [comp(1, [2]), comp(2, [1])], "node 1", "cycle 1 -> 2 -> 1"),
    in_trace(
        "a circle of three behind a sound node",
        [comp(1), comp(5, [1, 9]), comp(9, [7]), comp(7, [5])],
        "node 5: dependency cycle 5 -> 9 -> 7 -> 5",
    ),
    in_trace(
        "a circle of control dependencies at master",
        [{**comp(1), "ctrl_deps": [2]}, comp(2, [1])],
        "node 1: dependency cycle 1 -> 2 -> 1",
        words=MASTER,
    ),
    in_trace(
        "a control dependency on nothing at master",
        [{**comp(1), "ctrl_deps": [8]}],
        "node 1: depends on node 8, which the trace doesn't hold",
        words=MASTER,
    ),
    # Attributes.
    in_trace("no comm_size", [coll(2, comm_size=None)], "node 2", "the attribute 'comm_size'"),
    in_trace("no comm_type", [coll(2, comm_type=None)], "node 2", "the attribute 'comm_type'"),
    in_trace("no comm_dst", [send(2, 0, comm_dst=None)], "node 2", "the attribute 'comm_dst'"),
    in_trace("no comm_src", [recv(2, 0, comm_src=None)], "node 2", "the attribute 'comm_src'"),
    in_trace("a send of no size", [send(2, 0, comm_size=None)], "node 2", "'comm_size'"),
    in_trace("a receive of no size", [recv(2, 0, comm_size=None)], "node 2", "'comm_size'"),
    in_trace("a load of no size", [node(2, "MEM_LOAD_NODE", "load")], "node 2", "'tensor_size'"),
    in_trace(
        "a negative comm_size",
        [coll(2, comm_size=-1)],
        "node 2: comm_size is -1 (int64_val); a whole number of bytes, 0 or more",
    ),
    in_trace(
        "a negative comm_size of 32 bits",
        [coll(2, comm_size=("int32_val", -4096))],
        "node 2: comm_size is -4096 (int32_val)",
    ),
    in_trace(
        "a comm_size of text",
        [coll(2, comm_size=("string_val", "1MB"))],
        "node 2: comm_size is '1MB' (string_val); a whole number of bytes",
    ),
    in_trace(
        "a comm_size of true",
        [coll(2, comm_size=("bool_val", 1))],
        "node 2: comm_size is True (bool_val)",
    ),
    in_bytes(
        "a comm_size of one and a half",
        with_attribute(coll(2, comm_size=None), FLOAT),
        "node 2: comm_size is 1.5 (float_val)",
    ),
    in_bytes(
        "a comm_size that is not a number",
        with_attribute(coll(2, comm_size=None), NAN),
        "node 2: comm_size is nan (float_val)",
    ),
    in_trace("a negative tensor", [comp(2, tensor_size=-8)], "node 2: tensor_size is -8"),
    in_trace("negative operations", [comp(2, num_ops=-8)], "node 2: num_ops is -8"),
    in_trace("a negative tag", [send(2, 0, comm_tag=-3)], "node 2: comm_tag is -3"),
    in_trace("a negative receiver", [send(2, -1)], "node 2: comm_dst is -1", "an NPU, 0 or more"),
    in_trace("an unknown receiver", [send(2, 4)], "node 2", "has comm_dst 4", "are 0 to 3"),
    in_trace("an unknown sender", [recv(2, 99)], "node 2", "has comm_src 99", "are 0 to 3"),
    in_trace("a message to oneself", [send(2, 2)], "node 2", "comm_dst 2, the NPU itself"),
    in_trace("a message from oneself", [recv(2, 2)], "node 2", "comm_src 2, the NPU itself"),
    in_trace("is_cpu_op of 2", [comp(2, is_cpu_op=2)], "node 2: is_cpu_op is 2", "true or false"),
    in_trace(
        "involved_dim of one value",
        [coll(2, involved_dim=("bool_val", 1))],
        "node 2: involved_dim is True (bool_val); a list of true or false",
    ),
    in_trace(
        "an unknown comm_type",
        [coll(2, comm_type=17)],
        "node 2: comm_type is 17",
        "from 0 (ALL_REDUCE) to 9 (BARRIER)",
    ),
    in_bytes(
        "an unknown type of node",
        records(METADATA, number_field(1, 2) + bytes_field(2, b"n") + number_field(3, 99)),
        "node 2: node type 99 is unknown; it is 0 (INVALID) to 7 (COMM_COLL)",
    ),
    # What the machine can't do.
    in_trace(
        "a load without memory",
        [node(2, "MEM_LOAD_NODE", "load", tensor_size=8)],
        "node 2: 'load' accesses remote memory, and there is none",
    ),
    in_trace(
        "a store without memory on the CPU",
        [node(2, "MEM_STORE_NODE", "store", tensor_size=8, is_cpu_op=("bool_val", 1))],
        "node 2: 'store' accesses remote memory, and there is none",
    ),
    in_trace("a gather at hoti2024", [coll(2, comm_type=3)], "node 2", "GATHER isn't simulated"),
    in_trace(
        "a collective on the CPU at master",
        [coll(2, is_cpu_op=("bool_val", 1))],
        "node 2: 'collective2' is a COMM_COLL node on the CPU",
        "give it is_cpu_op false",
        words=MASTER,
    ),
    in_trace(
        "a send on the CPU at master",
        [send(2, 0, is_cpu_op=("bool_val", 1))],
        "node 2: 'send2' is a COMM_SEND node on the CPU",
        words=MASTER,
    ),
    in_trace(
        "a send in another's name at master",
        [send(2, 0, comm_src=1)],
        "node 2: 'send2' has comm_src 1, but NPU 2 is the one that sends",
        words=MASTER,
    ),
    in_trace(
        "an unknown group at master",
        [coll(2, pg_name=("string_val", "5"))],
        "node 2: 'collective2' has pg_name '5', but ",
        " no ",
        " group",
        words=MASTER,
    ),
    in_trace(
        "a group that is not a number at master",
        [coll(2, pg_name=("string_val", "data parallel"))],
        "node 2: 'collective2' has pg_name 'data parallel', which isn't the number",
        words=MASTER,
    ),
    in_trace(
        "a negative group at master",
        [coll(2, pg_name=-1)],
        "node 2: 'collective2' has pg_name '-1', which isn't the number",
        words=MASTER,
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_wrong_trace_is_refused(
    fault: Fault, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    fault.spoil(files)
    run(files, capsys).check_refused(*fault.says)


def test_a_group_that_the_npu_is_not_in(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    files.groups({"1": [0, 1]})
    files.trace(2, [coll(2, pg_name=("string_val", "1"))])
    run(files, capsys, "--compat=master").check_refused(
        "wl.2.et, node 2: 'collective2' has pg_name '1', but NPU 2 isn't a member"
    )


def test_what_only_master_minds_runs_at_hoti2024(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    on_cpu = ("bool_val", 1)
    nodes = [
        {**comp(1), "ctrl_deps": [1, 77]},
        coll(2, is_cpu_op=on_cpu),
        send(3, 0, is_cpu_op=on_cpu, comm_src=3),
        coll(4, pg_name=("string_val", "data parallel")),
    ]
    files.traces(*[nodes] * NPUS)
    run(files, capsys).check_finished()


def test_a_file_cut_anywhere_is_refused_or_ends_with_a_whole_node(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    independent = et_file([comp(1), comp(2), comp(3)])
    starts = [record.offset for record in split_records(independent, "wl")]
    for length in range(len(independent)):
        files.write("wl.2.et", independent[:length])
        files.trace(0, [comp(1)])
        files.trace(1, [comp(1)])
        files.trace(3, [comp(1)])
        outcome = run(files, capsys)
        if length in starts[1:]:
            outcome.check_finished()
        else:
            cut = max(start for start in starts if start <= length)
            outcome.check_refused(f"wl.2.et, byte {cut}: ")


@pytest.mark.parametrize("length", range(1, len(gzip.compress(SOUND_FILE, mtime=0)), 7))
def test_a_compressed_file_cut_anywhere_is_refused(
    length: int, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    files.write("wl.2.et", gzip.compress(SOUND_FILE, mtime=0)[:length])
    run(files, capsys).check_refused("wl.2.et")


EVERYTHING = (
    comp(1),
    coll(2, [1], involved_dim=("bool_list", [1])),
    send(3, 1, [1], comm_tag=5),
    recv(4, 3, [3], comm_tag=5),
    coll(5, [2, 4], comm_type=2, comm_size=4096),
    comp(6, [5], num_ops=100, tensor_size=10),
)
"""As NPU 0 has it; the others' sends and receives go round the ring alike."""


def everything(npu: int) -> list[NodeFields]:
    before, after = (npu - 1) % NPUS, (npu + 1) % NPUS
    nodes = list(EVERYTHING)
    nodes[2] = send(3, after, [1], comm_tag=5)
    nodes[3] = recv(4, before, [3], comm_tag=5)
    return nodes


@pytest.mark.parametrize("words", [(), ("--compat=master",)], ids=["hoti2024", "master"])
@pytest.mark.parametrize("seed", range(12))
def test_flipped_bits_end_in_a_result_a_message_or_a_deadlock_report(
    seed: int, words: tuple[str, ...], files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(seed)
    files.traces(*map(everything, range(NPUS)))
    original = (files.folder / "wl.2.et").read_bytes()
    for _ in range(25):
        damaged = bytearray(original)
        for _ in range(chance.randint(1, 3)):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        files.write("wl.2.et", bytes(damaged))
        outcome = run(files, capsys, *words)
        outcome.check_told()
        if outcome.code == 2:  # what NPU 2 says of itself or does to another
            assert outcome.err.startswith("simastra: wl.2.et, ")


def test_the_trace_that_bits_are_flipped_in_is_sound(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    files.traces(*map(everything, range(NPUS)))
    run(files, capsys).check_finished()
    run(files, capsys, "--compat=master").check_finished()


@pytest.mark.parametrize("words", [(), ("--compat=master",)], ids=["hoti2024", "master"])
@pytest.mark.parametrize(
    "nodes",
    [
        [coll(1, comm_size=2**63 - 1)],
        [coll(1, comm_size=("uint64_val", 2**64 - 1))],
        [coll(1, comm_type=2, comm_size=("uint64_val", 2**64 - 1))],
        [coll(1, comm_size=0)],
        [coll(1, comm_type=2, comm_size=0)],
        [coll(1, comm_type=2, comm_size=3)],
        [coll(1, comm_type=7, comm_size=1)],
        [coll(1, involved_dim=("bool_list", []))],
        [coll(1, involved_dim=("bool_list", [0, 0, 0]))],
        [{**comp(1), "duration_micros": (2**63 - 1) // 1000}],
        [comp(1, num_ops=2**63 - 1, tensor_size=("uint64_val", 2**64 - 1))],
        [comp(2**64 - 1)],
        [],
    ],
    ids=str,
)
def test_extreme_but_possible_values_run(
    nodes: list[NodeFields],
    words: tuple[str, ...],
    files: Files,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files.traces(*[nodes] * NPUS)
    run(files, capsys, *words).check_finished()


def test_a_duration_that_no_clock_can_count_names_its_node(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    files.traces(*[[{**comp(1), "duration_micros": 2**64 - 1}]] * NPUS)
    run(files, capsys).check_refused("wl.0.et", "node 1", "simulated time ends at 2^63 - 1")


def test_a_path_that_cannot_be_read_names_itself(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    (files.folder / "wl.2.et").unlink()
    Path("wl.2.et").symlink_to("wl.2.et")  # a circle
    run(files, capsys).check_refused("wl.2.et: the file can't be read: ")
