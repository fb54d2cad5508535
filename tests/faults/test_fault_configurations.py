"""Mistakes in system, network, memory and group files: one message that names file and key."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from broken_inputs import NPUS, SYSTEM, Fault, Files, coll, run

MASTER = "--compat=master"
LETTERS = b'\0\t\n !"#&*,-.019:?[]abel{|}~\x80\xff'
GARBAGE = {
    "zeros": bytes(10**7),
    "0xff": b"\xff" * 10**7,
    "letters": b"a" * 10**7,
    "brackets": b"[" * 10**7,
    "lines": b"a: [1]\n" * (10**7 // 7),
}


def system(name: str, says: str, **changes: Any) -> Fault:
    """The system file with keys changed. The message is about ``sys.json``."""
    return Fault(name, lambda files: files.system(**changes), (f"sys.json: {says}",))


def system_text(name: str, text: str | bytes, *says: str) -> Fault:
    """The system file with this text."""
    return Fault(name, lambda files: files.write("sys.json", text), ("sys.json: ", *says))


def network(name: str, *says: str, **changes: object) -> Fault:
    """The network file with keys changed, or further ones."""
    return Fault(name, lambda files: files.network(**changes), ("net.yml: ", *says))


def network_text(name: str, text: str | bytes, *says: str) -> Fault:
    """The network file with this text."""
    return Fault(name, lambda files: files.write("net.yml", text), ("net.yml: ", *says))


def memory(name: str, says: str, **keys: Any) -> Fault:
    """A memory file with these keys."""
    return Fault(name, lambda files: files.memory(**keys), (f"mem.json: {says}",))


def groups(name: str, says: str, given: object, *words: str) -> Fault:
    """A file of communicator groups."""

    def spoil(files: Files) -> None:
        files.groups(given)
        files.words.extend(words)

    return Fault(name, spoil, (f"groups.json: {says}",))


def without(option: str, name: str) -> Callable[[Files], None]:
    return lambda files: files.words.append(f"--{option}={name}")


SOUND_TEXT = json.dumps(SYSTEM)
NETWORK_TEXT = "topology: [Ring]\nnpus_count: [4]\nbandwidth: [50]\nlatency: [500]\n"

SYSTEM_FAULTS = (
    Fault("no such file", without("system", "no.json"), ("no.json: file not found",)),
    Fault("a directory", without("system", "."), (".: is a directory; give a file",)),
    system_text("an empty file", "", "is not JSON", "line 1, column 1"),
    system_text("a comment", "// mine\n" + SOUND_TEXT, "is not JSON", "line 1, column 1"),
    system_text("a comma too many", SOUND_TEXT[:-1] + ",}", "is not JSON"),
    system_text("cut short", SOUND_TEXT[:-20], "is not JSON", "line 1, column"),
    system_text("two documents", SOUND_TEXT + SOUND_TEXT, "is not JSON: Extra data"),
    system_text("a list", "[1, 2]", "must be a mapping of keys to values, not a list"),
    system_text("a number", "4", "must be a mapping of keys to values, not 4"),
    system_text("null", "null", "must be a mapping of keys to values, not null"),
    system_text("YAML", "endpoint-delay: 10\n", "is not JSON"),
    system_text("UTF-16", SOUND_TEXT.encode("utf-16"), "is not UTF-8 text (at byte 0)"),
    system_text("Latin-1", b'{"boost-mode": "\xe9"}', "is not UTF-8 text (at byte 16)"),
    system_text("nested too deeply", "[" * 100_000, "is nested too deeply"),
    system_text(
        "a number of ten thousand digits",
        '{"endpoint-delay": ' + "9" * 10_000 + "}",
        "too many digits",
    ),
    system_text(
        "a key twice",
        '{"endpoint-delay": 10, "local-mem-bw": 50, "endpoint-delay": 20}',
        "endpoint-delay: is given twice",
    ),
    system_text("NaN", '{"local-mem-bw": NaN}', "NaN is not a number that JSON has"),
    system_text("Infinity", '{"local-mem-bw": -Infinity}', "-Infinity is not a number"),
    system_text("a huge exponent", SOUND_TEXT.replace(": 50", ": 1e999"), "local-mem-bw: must be"),
    system("true for a number", "endpoint-delay: must be a whole", endpoint_delay=True),
    system("text for a number", "endpoint-delay: must be a whole", endpoint_delay="10"),
    system("a list for a number", "local-mem-bw: must be a finite", local_mem_bw=[50]),
    system("an object for a number", "G: must be a finite", G={}),
    system("a negative delay", "endpoint-delay: must be at least 0, not -1", endpoint_delay=-1),
    system("a negative fraction", "endpoint-delay: must be at least 0", endpoint_delay=-0.5),
    system("a negative bandwidth", "local-mem-bw: must be at least 0", local_mem_bw=-1),
    system("a bandwidth too small", "local-mem-bw: is too small", local_mem_bw=1e-12),
    system("no splits", "preferred-dataset-splits: is required", preferred_dataset_splits=None),
    system("0 splits", "preferred-dataset-splits: must be at least 1", preferred_dataset_splits=0),
    system("-4 splits", "preferred-dataset-splits: must be at least", preferred_dataset_splits=-4),
    system(
        "0 active chunks",
        "active-chunks-per-dimension: must be at least 1, not 0",
        active_chunks_per_dimension=0,
    ),
    system("a flag of 2", "replay-only: must be 0, 1, false or true, not 2", replay_only=2),
    system("a flag of text", "replay-only: must be 0, 1, false or true", replay_only="no"),
    system("an unknown policy", "scheduling-policy: must be", scheduling_policy="lifo"),
    system("an unknown optimization", "collective-optimization: must", collective_optimization="x"),
    system(
        "a mistyped key",
        "endpoint-dely: unknown key 'endpoint-dely'; did you mean 'endpoint-delay'?",
        endpoint_dely=1,
    ),
    system("a key of nothing", "xyzzy: unknown key 'xyzzy', and no key of this file", xyzzy=1),
    # Algorithms.
    system(
        "an algorithm in capitals",
        "all-reduce-implementation[0]: unknown algorithm 'Ring'; did you mean 'ring'?",
        all_reduce_implementation=["Ring"],
    ),
    system(
        "a mistyped algorithm",
        "all-to-all-implementation[0]: unknown algorithm 'dirct'; did you mean 'direct'?",
        all_to_all_implementation=["dirct"],
    ),
    system(
        "an unknown algorithm",
        "all-gather-implementation[0]: unknown algorithm 'xyzzy'; known are ring, direct",
        all_gather_implementation=["xyzzy"],
    ),
    system(
        "a window of 0",
        "all-reduce-implementation[0]: 'direct0' has a window of 0; the smallest is 1",
        all_reduce_implementation=["direct0"],
    ),
    system(
        "a window of letters",
        "all-reduce-implementation[0]: unknown algorithm 'directX'; did you mean 'direct'?",
        all_reduce_implementation=["directX"],
    ),
    system(
        "a window of an algorithm without",
        "all-reduce-implementation[0]: unknown algorithm 'ring4'; did you mean 'ring'?",
        all_reduce_implementation=["ring4"],
    ),
    system(
        "more algorithms than dimensions",
        "all-reduce-implementation: lists 2 algorithms for a network of 1 dimension",
        all_reduce_implementation=["ring", "ring"],
    ),
    system(
        "no algorithm for a collective of the trace",
        "all-reduce-implementation: is required: the trace has a collective of type ALL_REDUCE",
        all_reduce_implementation=[],
    ),
    system(
        "no key for a collective of the trace",
        "all-reduce-implementation: is required: the trace has a collective of type ALL_REDUCE",
        all_reduce_implementation=None,
    ),
    system(
        "an algorithm that is not in a list",
        "all-reduce-implementation: must be a list with one entry per dimension, not 'ring'",
        all_reduce_implementation="ring",
    ),
    system(
        "an algorithm that is a number",
        "all-reduce-implementation[0]: must be a string, not 4",
        all_reduce_implementation=[4],
    ),
)

NETWORK_FAULTS = (
    Fault("no such file", without("network", "no.yml"), ("no.yml: file not found",)),
    Fault("a directory", without("network", "."), (".: is a directory; give a file",)),
    network_text("an empty file", "", "is empty; it needs the keys topology"),
    network_text("a comment alone", "# network\n", "is empty"),
    network_text("a list", "- Ring\n- 4\n", "must have the keys topology", "(line 1)"),
    network_text("a word", "Ring\n", "must have the keys topology"),
    network_text("a tab", NETWORK_TEXT + "\tx: [1]\n", "is not YAML", "(line 5)"),
    network_text("not closed", "topology: [Ring\nnpus_count: [4]\n", "is not YAML", "line"),
    network_text("a control character", "topology: [Ring\x07]\n", "is not YAML"),
    network_text("not UTF-8", b"topology: [R\xefng]\n", "is not UTF-8 text (at byte 12)"),
    network_text("two documents", NETWORK_TEXT + "---\n" + NETWORK_TEXT, "is not YAML", "(line"),
    network_text("a key twice", NETWORK_TEXT + "latency: [1]\n", "latency: is given twice", "5"),
    network_text("no latency", NETWORK_TEXT.replace("latency: [500]\n", ""), "latency: is requ"),
    network_text(
        "an alias",
        "topology: &t [Ring]\nnpus_count: *t\n",
        "uses the YAML alias *t; write the value itself (line 2)",
    ),
    network_text(
        "laughs by the billion",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
        "uses the YAML alias *a",
    ),
    network_text("an unknown alias", "topology: *nothing\n", "alias"),
    network_text("nested deeply", "topology: " + "[" * 500 + "\n", "line 1"),
    network_text("a key that is a list", "[a, b]: [1]\n", "has a key that is not text (line 1)"),
    network_text("larger than any", "x" * (16 * 2**20 + 1), "is larger than 16777216 bytes"),
    network(
        "tbd",
        "bandwidth[0]: is 'tbd': the file's author left it open",
        "(line 3)",
        bandwidth="[tbd]",
    ),
    network("nothing", "bandwidth[0]: must be", "null", bandwidth="[~]"),
    network("a unit", "bandwidth[0]: must be", "'50GB'", bandwidth="[50GB]"),
    network("a scalar", "bandwidth: must be a list with one entry per dimension", bandwidth=50),
    network("no value", "latency: must be a list with one entry per dim", "null", latency=""),
    network("a nested list", "bandwidth[0]: must be", "a list", bandwidth="[[50]]"),
    network("a Python object", "latency", latency="!!python/object/apply:os.getcwd []"),
    network("lists of unequal length", "npus_count has 1 dimensions, bandw", bandwidth="[50, 60]"),
    network("empty lists", "npus_count: must have at least one entry", npus=""),
    network("no NPU", "npus_count[0]: must be at least 1, not 0", npus=0),
    network("minus four NPUs", "npus_count[0]: must be at least 1, not -4", npus=-4),
    network("two and a half NPUs", "npus_count[0]: must be a whole number, not 2.5", npus=2.5),
    network("four NPUs in octal", "npus_count[0]: must be a whole number", "'04'", npus="04"),
    network(
        "more NPUs than ids",
        "npus_count: multiplies to",
        topology="[Ring, Ring]",
        npus="65536, 65536",
        bandwidth="[50, 50]",
        latency="[1, 1]",
    ),
    network("no bandwidth", "bandwidth[0]: must be larger than 0, not 0", bandwidth="[0]"),
    network("a negative bandwidth", "bandwidth[0]: must be larger than 0", bandwidth="[-50]"),
    network("a bandwidth of nan", "bandwidth[0]: must be a finite number", bandwidth="[.nan]"),
    network("a bandwidth of inf", "bandwidth[0]: must be", bandwidth="[.inf]"),
    network("a negative latency", "latency[0]: must be at least 0, not -1", latency="[-1]"),
    network(
        "a topology in small letters",
        "topology[0]: unknown topology 'ring'; did you mean 'Ring'?",
        topology="[ring]",
    ),
    network(
        "an unknown topology",
        "topology[0]: unknown topology 'Xyzzy'; known are",
        topology="[Xyzzy]",
    ),
    network(
        "a mistyped key", "unknown key 'npu_count'; did you mean 'npus_count'?", npu_count="[4]"
    ),
    network_text(
        "a key of version 1",
        NETWORK_TEXT + "links-count: [2]\n",
        "links-count: 'links-count' is a key of ASTRA-sim 1.x",
        "(line 5)",
    ),
)

MEMORY_FAULTS = (
    Fault("no such file", without("memory", "no.json"), ("no.json: file not found",)),
    memory("no type", "memory-type: is required (one of NO_MEMORY_EXPANSION, ", remote_mem_bw=5),
    memory("an unknown type", "memory-type: must be", memory_type="POOL"),
    memory("a type that is a number", "memory-type: must be", memory_type=1),
    memory(
        "PER_NODE without nodes",
        "num-nodes: must be at least 1 with PER_NODE_MEMORY_EXPANSION",
        memory_type="PER_NODE_MEMORY_EXPANSION",
        num_npus_per_node=4,
    ),
    memory(
        "PER_NODE without NPUs",
        "num-npus-per-node: must be at least 1 with PER_NODE_MEMORY_EXPANSION",
        memory_type="PER_NODE_MEMORY_EXPANSION",
        num_nodes=1,
    ),
    memory(
        "PER_NODE with too few nodes",
        "num-nodes: 1 nodes of 3 NPUs hold fewer than the network's 4 NPUs",
        memory_type="PER_NODE_MEMORY_EXPANSION",
        num_nodes=1,
        num_npus_per_node=3,
    ),
    memory(
        "a negative bandwidth",
        "remote-mem-bw: must be at least 0, not -1",
        memory_type="MEMORY_POOL",
        remote_mem_bw=-1,
    ),
    memory(
        "a latency of true",
        "remote-mem-latency: must be a whole number, not true",
        memory_type="MEMORY_POOL",
        remote_mem_latency=True,
    ),
    memory("a mistyped key", "memory-typ: unknown key 'memory-typ'; did you", memory_typ="x"),
)

GROUP_FAULTS = (
    Fault("no such file", without("comm-groups", "no.json"), ("no.json: file not found",)),
    groups("a list", "must map names to lists of NPU ids", [[0, 1]]),
    groups("an empty group", "1: has no members; list at least one NPU id", {"1": []}),
    groups(
        "an unknown NPU", "2[1]: NPU 4 doesn't exist; the network has NPUs 0 to 3", {"2": [0, 4]}
    ),
    groups("a negative NPU", "1[0]: must be an NPU id, a whole number from 0, not -1", {"1": [-1]}),
    groups("an NPU twice", "1[2]: NPU 0 is already at position 0", {"1": [0, 1, 0]}),
    groups("half an NPU", "1[0]: must be an NPU id", {"1": [0.5]}),
    groups("an NPU of true", "1[0]: must be an NPU id", {"1": [True]}),
    groups("an NPU of text", "1[0]: must be an NPU id", {"1": ["0"]}),
    groups("a group of a number", "1: must be a list of NPU ids", {"1": 0}),
    groups("a group without a name", "", {"": [0]}),
    groups("a name at master", "dp: isn't the number of a group", {"dp": [0, 1]}, MASTER),
    groups("a number that no int holds", "", {"2147483648": [0, 1]}, MASTER),
    groups("a number twice", "01: is the same number as 1;", {"1": [0, 1], "01": [2, 3]}),
    groups("a number twice as a float", "1.0: is the same number as 1;", {"1": [0], "1.0": [1]}),
    groups(
        "names of one number at master",
        "1b: begins with the same number as '1a'",
        {"1a": [0, 1], "1b": [2, 3]},
        MASTER,
    ),
    Fault(
        "a group twice",
        lambda files: files.option("comm-groups", "groups.json", '{"1": [0], "1": [1]}'),
        ("groups.json: 1: is given twice",),
    ),
)


@pytest.mark.parametrize("fault", SYSTEM_FAULTS, ids=str)
def test_a_wrong_system_is_refused(
    fault: Fault, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    fault.spoil(files)
    run(files, capsys).check_refused(*fault.says)


@pytest.mark.parametrize("fault", NETWORK_FAULTS, ids=str)
def test_a_wrong_network_is_refused(
    fault: Fault, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    fault.spoil(files)
    run(files, capsys).check_refused(*fault.says)


@pytest.mark.parametrize("fault", MEMORY_FAULTS, ids=str)
def test_a_wrong_memory_is_refused(
    fault: Fault, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    fault.spoil(files)
    run(files, capsys).check_refused(*fault.says)


@pytest.mark.parametrize("fault", GROUP_FAULTS, ids=str)
def test_wrong_groups_are_refused(
    fault: Fault, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    fault.spoil(files)
    run(files, capsys).check_refused(*fault.says)


@pytest.mark.parametrize("content", GARBAGE.values(), ids=GARBAGE)
@pytest.mark.parametrize("option", ["system", "network", "memory", "comm-groups"])
def test_ten_megabytes_of_garbage_are_refused(
    option: str, content: bytes, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    files.option(option, "garbage", content)
    run(files, capsys).check_refused("garbage: ")


@pytest.mark.parametrize(
    ("npus", "algorithm", "collective", "says"),
    [
        (6, "halvingDoubling", 0, "all-reduce-implementation[0]: halvingDoubling needs a power of"),
        (6, "halvingDoubling", 2, "all-gather-implementation[0]: halvingDoubling needs a power of"),
        (6, "doubleBinaryTree", 0, "all-reduce-implementation[0]: doubleBinaryTree needs a power"),
        (6, "oneDoubleBinaryTree", 0, "all-reduce-implementation[0]: doubleBinaryTree needs a "),
        (NPUS, "halvingDoubling", 6, "all-to-all-implementation[0]: halvingDoubling can't run ALL"),
    ],
)
def test_an_algorithm_that_cannot_run_a_collective_is_refused(
    npus: int,
    algorithm: str,
    collective: int,
    says: str,
    files: Files,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files.network(npus)
    files.traces(*[[coll(1, comm_type=collective)]] * npus)
    files.system(**{key: [algorithm] for key in SYSTEM if key.endswith("-implementation")})
    run(files, capsys).check_refused("sys.json: ", says)


def test_a_group_of_six_is_refused_where_the_eight_of_the_network_are_not(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    files.network(8)
    files.traces(*[[coll(1, pg_name=("string_val", "1" if npu < 6 else "0"))] for npu in range(8)])
    files.groups({"1": list(range(6))})
    files.system(all_reduce_implementation=["halvingDoubling"])
    run(files, capsys, MASTER).check_refused(
        "sys.json: all-reduce-implementation[0]: halvingDoubling needs a power of two of NPUs"
    )


@pytest.mark.parametrize("option", ["system", "network", "memory", "comm-groups"])
@pytest.mark.parametrize("seed", range(6))
def test_altered_letters_end_in_a_result_a_message_or_a_deadlock_report(
    option: str, seed: int, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    files.memory(memory_type="PER_NODE_MEMORY_EXPANSION", num_nodes=2, num_npus_per_node=2)
    files.groups({"1": [0, 1], "2": [2, 3]})
    files.trace(0, [coll(1)])
    name = {"system": "sys.json", "network": "net.yml", "memory": "mem.json"}.get(
        option, "groups.json"
    )
    chance = random.Random(seed)
    original = (files.folder / name).read_bytes()
    for _ in range(25):
        altered = bytearray(original)
        for _ in range(chance.randint(1, 3)):
            altered[chance.randrange(len(altered))] = chance.choice(LETTERS)
        files.write(name, bytes(altered))
        outcome = run(files, capsys)
        outcome.check_told()
        if outcome.code == 2:
            assert outcome.err.startswith((f"simastra: {name}: ", "simastra: wl."))
