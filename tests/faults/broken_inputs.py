"""A small sound simulation as files, ways to spoil it, and the command line run on it."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from support.et_writer import bytes_field, et_file

from simastra.cli import main

NPUS = 4
KIB = 1024

NodeFields: TypeAlias = dict[str, Any]
"""A node as `support.et_writer` takes it."""

SYSTEM: Mapping[str, Any] = {
    "all-reduce-implementation": ["ring"],
    "all-gather-implementation": ["ring"],
    "reduce-scatter-implementation": ["ring"],
    "all-to-all-implementation": ["ring"],
    "preferred-dataset-splits": 4,
    "local-mem-bw": 50,
}


# -- nodes --------------------------------------------------------------------------------------


def node(id: int, type: str, name: str, deps: Sequence[int] = (), **attributes: Any) -> NodeFields:
    """A node on the GPU. An attribute is a number, or a pair of kind and value; None: absent."""
    given = {"is_cpu_op": ("bool_val", 0), **attributes}
    return {
        "id": id,
        "name": name,
        "type": type,
        "data_deps": list(deps),
        "duration_micros": 1 if type == "COMP_NODE" else 0,
        "attr": {key: _typed(value) for key, value in given.items() if value is not None},
    }


def _typed(value: Any) -> Any:
    return ("int64_val", value) if isinstance(value, int) else value


def comp(id: int, deps: Sequence[int] = (), **attributes: Any) -> NodeFields:
    return node(id, "COMP_NODE", f"compute{id}", deps, **attributes)


def coll(id: int, deps: Sequence[int] = (), **attributes: Any) -> NodeFields:
    """An all-reduce of 64 KiB, unless told otherwise."""
    given = {"comm_type": 0, "comm_size": 64 * KIB, **attributes}
    return node(id, "COMM_COLL_NODE", f"collective{id}", deps, **given)


def send(id: int, to: int, deps: Sequence[int] = (), **attributes: Any) -> NodeFields:
    """1 KiB with tag 0, unless told otherwise."""
    given = {"comm_dst": to, "comm_size": KIB, "comm_tag": 0, **attributes}
    return node(id, "COMM_SEND_NODE", f"send{id}", deps, **given)


def recv(id: int, source: int, deps: Sequence[int] = (), **attributes: Any) -> NodeFields:
    """1 KiB with tag 0, unless told otherwise."""
    given = {"comm_src": source, "comm_size": KIB, "comm_tag": 0, **attributes}
    return node(id, "COMM_RECV_NODE", f"recv{id}", deps, **given)


SOUND: Sequence[NodeFields] = (comp(1), coll(2, [1]), comp(3, [2]))


def records(*payloads: bytes) -> bytes:
    """Trace data with these records of fewer than 128 bytes, whatever they hold."""
    return b"".join(bytes([len(payload)]) + payload for payload in payloads)


METADATA = bytes_field(1, b"0.0.4")


# -- files --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a simulation of 4 NPUs in a ring, sound until something is changed.

    Attributes:
        folder: where they are; the command line runs there.
        words: further words of the command line.
    """

    folder: Path
    words: list[str] = field(default_factory=list)

    def make(self) -> None:
        """Write sound files."""
        self.system()
        self.network()
        self.traces(*[SOUND] * NPUS)

    def write(self, name: str, content: str | bytes) -> None:
        data = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(data)

    def system(self, **changes: Any) -> None:
        """Write the system file with keys changed, as ``endpoint_delay=5``; None removes one."""
        keys = {**SYSTEM, **{key.replace("_", "-"): value for key, value in changes.items()}}
        kept = {key: value for key, value in keys.items() if value is not None}
        self.write("sys.json", json.dumps(kept))

    def network(self, npus: object = NPUS, **changes: object) -> None:
        """Write the network file, with keys changed to other lists, as text."""
        keys = {"topology": "[Ring]", "npus_count": f"[{npus}]"}
        keys |= {"bandwidth": "[50]", "latency": "[500]"} | {k: str(v) for k, v in changes.items()}
        self.write("net.yml", "".join(f"{key}: {value}\n" for key, value in keys.items()))

    def memory(self, **keys: Any) -> None:
        """Write a memory file and name it on the command line."""
        self.option("memory", "mem.json", json.dumps(dict(_dashed(keys))))

    def groups(self, groups: object) -> None:
        """Write a file of communicator groups and name it on the command line."""
        self.option("comm-groups", "groups.json", json.dumps(groups))

    def option(self, option: str, name: str, content: str | bytes) -> None:
        """Write a file and name it on the command line."""
        self.write(name, content)
        self.words.append(f"--{option}={name}")

    def traces(self, *npus: Iterable[NodeFields]) -> None:
        """Write the ET of each NPU."""
        for npu, nodes in enumerate(npus):
            self.write(f"wl.{npu}.et", et_file(nodes))

    def trace(self, npu: int, nodes: Iterable[NodeFields]) -> None:
        """Write the ET of one NPU."""
        self.write(f"wl.{npu}.et", et_file(nodes))

    def command(self, *words: str) -> list[str]:
        """The words of a run, quiet about notices."""
        files = ["--workload=wl", "--system=sys.json", "--network=net.yml"]
        return ["run", "--quiet", *files, *self.words, *words]


def _dashed(keys: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return ((key.replace("_", "-"), value) for key, value in keys.items())


# -- outcomes -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to."""

    code: int
    out: str
    err: str

    def check_refused(self, *fragments: str) -> None:
        """Assert one message of one line, exit code 2, and nothing on stdout."""
        assert (self.code, self.out) == (2, ""), self.err
        self._check_message(fragments)
        assert len(self.err.splitlines()) == 1

    def check_deadlock(self, *fragments: str) -> None:
        """Assert one report, whose further lines are indented, and exit code 3."""
        assert self.code == 3, self.err
        self._check_message(fragments)
        first, *others = self.err.splitlines()
        assert first.startswith("simastra: deadlock: the simulation stands still at ")
        assert all(line.startswith("  ") for line in others)

    def check_finished(self, npus: int = NPUS) -> None:
        """Assert a line for each NPU, exit code 0, and nothing on stderr."""
        assert (self.code, self.err) == (0, "")
        assert self.out.count(" finished, ") == npus

    def check_told(self) -> None:
        """Assert that it ended in one of the three ways, without anything internal."""
        assert self.code in {0, 2, 3}, self.err
        assert "Traceback" not in self.err
        assert "internal error" not in self.err
        assert self.err.count("simastra: ") == (self.code != 0)

    def _check_message(self, fragments: Sequence[str]) -> None:
        self.check_told()
        assert self.err.startswith("simastra: ")
        for fragment in fragments:
            assert fragment in self.err


Spoil: TypeAlias = Callable[[Files], object]


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake, and what the message about it must say.

    Attributes:
        name: of the test.
        spoil: makes the mistake.
        says: fragments of the message: where, what is wrong, what would be right.
    """

    name: str
    spoil: Spoil
    says: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


def run(files: Files, capsys: pytest.CaptureFixture[str], *words: str) -> Outcome:
    """Run the command line within this process, in the current folder."""
    code = main(files.command(*words))
    captured = capsys.readouterr()
    return Outcome(code, captured.out, captured.err)
