"""Mistakes on the command line, and in custom collectives that a system file names."""

from collections.abc import Iterable

import pytest
from broken_inputs import NPUS, Fault, Files, NodeFields, coll, comp, recv, run, send
from support.et_writer import et_file

MASTER = "--compat=master"


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("--num-queues-per-dim=0", "--num-queues-per-dim: must be "),
        ("--num-queues-per-dim=-2", ", not -2"),
        ("--num-queues-per-dim=two", "--num-queues-per-dim: must be a whole number, not 'two'"),
        ("--num-queues-per-dim=9999999999", "--num-queues-per-dim: must be "),
        ("--injection-scale=-0.5", "--injection-scale: must be a number "),
        ("--injection-scale=inf", "--injection-scale: must be a number, not 'inf'"),
        ("--injection-scale=", "--injection-scale: must be a number, not ''"),
        ("--compat=Master", "--compat: unknown dialect 'Master'; did you mean 'master'?"),
        ("--compat=xyzzy", "--compat: unknown dialect 'xyzzy'; known are auto, hoti2024, master"),
        ("--network-backend=aware", "--network-backend: unknown backend 'aware'; "),
        ("--rendezvous-protocol=maybe", "--rendezvous-protocol: must be true, false, 1 or 0"),
        ("--workload=", "--workload"),
        ("--system-config=sys.json", "unknown option '--system-config'; did you mean"),
    ],
)
def test_a_wrong_option_is_refused(
    word: str, says: str, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    run(files, capsys, word).check_refused(says)


# -- custom collectives -------------------------------------------------------------------------


def ring(npu: int) -> list[NodeFields]:
    """A sound custom collective: each sends to the next one, then receives."""
    return [send(1, (npu + 1) % NPUS), recv(2, (npu - 1) % NPUS, [1])]


def custom(files: Files, spoilt: Iterable[NodeFields], npu: int = 1) -> None:
    """All-reduces are played from ETs; that of `npu` has these nodes."""
    files.system(all_reduce_implementation_custom=["play"], preferred_dataset_splits=1)
    for other in range(NPUS):
        files.write(f"play.{other}.et", et_file(ring(other)))
    files.write(f"play.{npu}.et", et_file(spoilt))
    files.words.append(MASTER)


def in_custom(name: str, nodes: list[NodeFields], *says: str) -> Fault:
    return Fault(name, lambda files: custom(files, nodes), ("play.1.et", *says))


def custom_without_file(files: Files) -> None:
    custom(files, [])
    (files.folder / "play.3.et").unlink()


def per_node(text: str | bytes) -> Fault:
    """A per-node file with this text."""

    def spoil(files: Files) -> None:
        files.system(per_node_custom_implementation="nodes.yml")
        files.write("nodes.yml", text)
        files.words.append(MASTER)

    return Fault(str(text), spoil, ("nodes.yml: ",))


def per_node_missing(files: Files) -> None:
    files.system(per_node_custom_implementation="nodes.yml")
    files.words.append(MASTER)


def per_node_nowhere(files: Files) -> None:
    per_node_missing(files)
    files.write("nodes.yml", "2: nowhere/play\n")


CUSTOM_FAULTS = (
    Fault("a file is missing", custom_without_file, ("play.3.et: the file does not exist",)),
    in_custom("a collective within", [coll(1)], "node 1", "is a COMM_COLL node; a custom"),
    in_custom("a rank out of range", [send(1, NPUS)], "node 1", "comm_dst 4", "0 to 3"),
    in_custom("a source out of range", [recv(1, 77)], "node 1", "comm_src 77", "0 to 3"),
    in_custom("no size", [send(1, 2, comm_size=None)], "node 1", "'comm_size'"),
    in_custom("no receiver", [send(1, 2, comm_dst=None)], "node 1", "'comm_dst'"),
    in_custom("a circle", [comp(1, [2]), comp(2, [1])], "node 1: dependency cycle 1 -> 2 -> 1"),
    in_custom("an id twice", [comp(1), comp(1)], "node 1: two nodes have this id"),
    in_custom("a dependency on nothing", [comp(1, [5])], "node 1: depends on node 5"),
    Fault(
        "two prefixes",
        lambda files: files.system(all_reduce_implementation_custom=["a", "b"]),
        ("sys.json: all-reduce-implementation-custom: must be a list of exactly one ET prefix",),
    ),
    Fault(
        "no prefix",
        lambda files: files.system(all_reduce_implementation_custom=[]),
        ("sys.json: all-reduce-implementation-custom: must be a list of exactly one ET prefix",),
    ),
    Fault(
        "one key in two spellings",
        lambda files: files.system(
            all_reduce_implementation_custom=["a"], all_reduce_implementation_chakra=["b"]
        ),
        ("sys.json: all-reduce-implementation-chakra: is the same key as",),
    ),
    Fault("no per-node file", per_node_missing, ("nodes.yml: file not found",)),
    per_node(""),
    per_node("- play\n"),
    per_node("first: play\n"),
    per_node("-1: play\n"),
    per_node("2: 7\n"),
    per_node("2: [play]\n"),
    per_node("2: ~\n"),
    per_node("2: play\n2: other\n"),
    per_node("1: &a play\n2: *a\n"),
    per_node("2: play\n\tx: y\n"),
    per_node(b"2: pl\xe4y\n"),
    Fault(
        "the per-node ETs are missing",
        per_node_nowhere,
        ("nowhere/play.0.et: the file does not exist",),
    ),
)


@pytest.mark.parametrize("fault", CUSTOM_FAULTS, ids=str)
def test_a_wrong_custom_collective_is_refused(
    fault: Fault, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    fault.spoil(files)
    run(files, capsys).check_refused(*fault.says)


def test_the_custom_collective_that_is_spoilt_is_sound(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    custom(files, ring(1))
    run(files, capsys).check_finished()


def test_a_custom_collective_with_a_message_to_oneself_is_refused(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    custom(files, [send(1, 1), *ring(1)[1:]])
    run(files, capsys).check_refused("play.1.et, node 1")
