"""Reading the trace files of all NPUs, each distinct one once."""

from __future__ import annotations

import filecmp
import hashlib
import io
import os
import stat
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from simastra.deferred import deferred
from simastra.errors import TraceError
from simastra.gc_policy import collector_paused
from simastra.quick_dataclass import dataclass
from simastra.trace.alike_files import LARGEST, AlikeFiles
from simastra.trace.annotations import NOT_ANNOTATED
from simastra.trace.columns import worth
from simastra.trace.decoding import DecodedTrace, KnownNodes, decode_stream
from simastra.trace.files import (
    existing_files,
    is_missing,
    open_file,
    ranks_path,
    read_file,
    trace_path,
)
from simastra.trace.framing import BLOCK, Watched, inflated
from simastra.trace.missing_files import missing_file
from simastra.trace.ranks import nodes_of_ranks, read_ranks
from simastra.trace.renamed_files import RenamedFiles
from simastra.trace.trace import Trace
from simastra.units import Bytes
from simastra.writing import WriteError, finish_interrupted

if TYPE_CHECKING:
    from simastra.trace.columns import decoding as columns
    from simastra.trace.columns import kept
    from simastra.trace.edit import replication
else:  # which needs numba; and few traces are one NPU's
    columns = deferred("simastra.trace.columns.decoding")
    kept = deferred("simastra.trace.columns.kept")
    replication = deferred("simastra.trace.edit.replication")

LoadingWatch: TypeAlias = Callable[[Bytes, Bytes], None]
"""Is told how many bytes of all files have been read, and how many there are, every MiB or so."""


@dataclass(frozen=True, slots=True)
class TraceFiles:
    """Trace files that are yet to be loaded, for as many NPUs as the network has.

    Attributes:
        prefix: of ``<prefix>.<npu>.et``.
        watch: is told how far loading is; None for nobody.
        replicate: of how many NPUs the first one's file is every one's, or a file that is called
            as the prefix; None if each has its own.
        on_demand: whether nodes may be made as they are asked for, as of `load_trace`: not where
            it is known that all of them will be.
    """

    prefix: Path | str
    watch: LoadingWatch | None = None
    replicate: int | None = None
    on_demand: bool = True

    def load(self, npus: int, *, on_demand: bool = True) -> Trace:
        """As `load_trace`, or what the first NPU does for all of them.

        Raises:
            TraceError: also if it is to be replicated and can't be, or for another number of NPUs.
        """
        if self.replicate is None:
            on_demand = on_demand and self.on_demand
            return load_trace(self.prefix, npus, self.watch, on_demand=on_demand)
        self.expect(npus)
        return replication.replicate(self._first(), npus)

    def expect(self, npus: int) -> None:
        """Check that there are files for as many NPUs, before anything is made for each of them.

        Raises:
            TraceError: there aren't; or it is replicated for another number of NPUs.
        """
        if self.replicate is None:
            expect_traces(self.prefix, npus)
        elif self.replicate != npus:
            problem = f"is replicated for {self.replicate} NPUs, and the network has {npus}"
            raise TraceError(f"{problem}; give --replicate {npus}", source=self.prefix)

    def _first(self) -> Trace:
        path = Path(self.prefix)
        if not path.is_file():
            return load_trace(self.prefix, 1, self.watch)
        file = _status(str(path), self.prefix, 1)
        decoded = _Reader([file], self.watch).decoded(str(path), file)
        said = () if decoded.annotations is NOT_ANNOTATED else (decoded.annotations,)
        return Trace((decoded.nodes,), (str(path),), said)


def load_trace(
    prefix: Path | str, npus: int, watch: LoadingWatch | None = None, *, on_demand: bool = False
) -> Trace:
    """Read ``<prefix>.<i>.et`` for every NPU i of the network, in any form (see `decoding`).

    Files with the same content are decoded once, and their nodes shared. Dependencies are not
    checked here: see `check_nodes`.

    Args:
        prefix: what the files' names begin with.
        npus: how many there are.
        watch: is told how far this is, where files are large.
        on_demand: whether nodes may be made as they are asked for, where that saves time (see
            `simastra.trace.columns`); else they are tuples.

    Raises:
        TraceError: a file is missing or can't be read, or it is no sound Chakra trace.
    """
    expect_traces(prefix, npus)
    if (path := ranks_path(prefix)).is_file():
        return _load_ranks(prefix, path, watch, on_demand=on_demand)
    # The names as text: a Path for each of 65,536 NPUs takes longer than reading the files.
    start = str(trace_path(prefix, 0)).removesuffix("0.et")
    names = [f"{start}{npu}.et" for npu in range(npus)]
    files = [_status(name, prefix, npus) for name in names]
    with collector_paused():
        try:  # a pipe can't be read a second time
            decoded = _decoded(names, files, watch, on_demand=on_demand and None not in files)
        except _Alike:
            decoded = _decoded(names, files, watch, by_names=True)
    nodes, annotations = zip(*decoded, strict=True)
    if all(it is NOT_ANNOTATED for it in annotations):
        annotations = ()
    return Trace(nodes, tuple(names), annotations)


class _Alike(Exception):  # noqa: N818  # nothing is wrong: it says which way to go
    """Objects that files share, or names, take less memory than columns of each."""


def _decoded(
    names: Sequence[str],
    files: Sequence[_File | None],
    watch: LoadingWatch | None,
    *,
    on_demand: bool = False,
    by_names: bool = False,
) -> list[DecodedTrace]:
    in_columns = on_demand and _are_worth_columns(names, files)
    reader = _Reader(files, watch, in_columns=in_columns, by_names=by_names)
    return [reader.decoded(name, file) for name, file in zip(names, files, strict=True)]


def _are_worth_columns(names: Sequence[str], files: Sequence[_File | None]) -> bool:
    """Whether nodes should be columns, which takes time to get ready for.

    Files of one size are taken for copies where the first and the last of them are.
    """
    of_size: dict[Bytes, dict[tuple[int, int], str]] = {}
    for name, file in zip(names, files, strict=True):
        if file is not None:
            of_size.setdefault(file.size, {}).setdefault(file.identity, name)
    if not worth.is_worth(sum(size * len(it) for size, it in of_size.items())):
        return False
    different = {
        size: 1 if _are_copies([*it.values()]) else len(it) for size, it in of_size.items()
    }
    return worth.is_worth(sum(size * count for size, count in different.items()))


def _are_copies(names: Sequence[str]) -> bool:
    """Whether the first and the last of some files of one size have the same content."""
    try:
        return len(names) > 1 and filecmp.cmp(names[0], names[-1], shallow=False)
    except OSError:
        return False  # reading it says what is wrong


def expect_traces(prefix: Path | str, npus: int) -> None:
    """Check that there is a file for the last NPU, before anything is made for each of them.

    A network may say by mistake that it has a thousand million NPUs.

    Raises:
        TraceError: there is none; the first that is missing is named.
    """
    if npus < 1:
        raise TraceError(f"it is wanted for {npus} NPUs; 1 or more are wanted", source=prefix)
    _finish_writing(prefix)
    if (path := ranks_path(prefix)).is_file():
        _expect_ranks(prefix, path, npus)
        return
    if not is_missing(trace_path(prefix, npus - 1)):
        return
    there = set(existing_files(prefix))
    paths = (trace_path(prefix, npu) for npu in range(npus))
    raise missing_file(next(path for path in paths if path.name not in there), prefix, npus)


def _expect_ranks(prefix: Path | str, path: Path, npus: int) -> None:
    """Check that a file of ranks is for as many NPUs, and that no other set of files is there."""
    ranks = read_ranks(path)
    there = set(existing_files(prefix))
    start = trace_path(prefix, 0).name.removesuffix("0.et")
    both = [npu for npu, it in enumerate(ranks) if it.of != npu and f"{start}{npu}.et" in there]
    if both:
        problem = f"says what NPU {both[0]} does, and {start}{both[0]}.et does so too"
        raise TraceError(f"{problem}; delete one of them", source=path)
    if len(ranks) != npus:
        problem = f"is of {len(ranks)} NPUs, and {npus} are wanted"
        raise TraceError(problem, source=path)


def _load_ranks(
    prefix: Path | str, path: Path, watch: LoadingWatch | None, *, on_demand: bool
) -> Trace:
    """The trace of which some NPUs have files, and others are told by what they name."""
    ranks = read_ranks(path)
    names = {of: str(trace_path(prefix, of)) for of in dict.fromkeys(rank.of for rank in ranks)}
    files = {of: _status(name, prefix, len(ranks)) for of, name in names.items()}
    reader = _Reader(list(files.values()), watch)
    with collector_paused():
        decoded = {of: reader.decoded(name, files[of]) for of, name in names.items()}
    nodes = nodes_of_ranks(ranks, {of: tuple(it.nodes) for of, it in decoded.items()}, path)
    if not on_demand:
        nodes = tuple(map(tuple, nodes))
    annotations = tuple(decoded[rank.of].annotations for rank in ranks)
    if all(it is NOT_ANNOTATED for it in annotations):
        annotations = ()
    return Trace(nodes, tuple(names[rank.of] for rank in ranks), annotations)


def _finish_writing(prefix: Path | str) -> None:
    """Let a set of files that was being replaced when its writer was stopped be a set again."""
    try:
        finish_interrupted(trace_path(prefix, 0).parent)
    except WriteError as error:
        problem = f"a set of files was being replaced here, which can't be finished: {error.reason}"
        raise TraceError(problem, source=prefix) from error


@dataclass(frozen=True, slots=True)
class _File:
    """What is known of a file before it is read.

    Attributes:
        identity: the same for two names of one file.
        size: its bytes.
    """

    identity: tuple[int, int]
    size: Bytes


class _Reader:
    """Reads files, and remembers what it has read.

    Args:
        files: all that are to be read; None for what isn't an ordinary file, a pipe for instance.
        watch: is told how far this is.
        in_columns: whether nodes are to be columns, where they can be.
        by_names: whether a file that is another with other names in it may be told by these.
    """

    def __init__(
        self,
        files: Sequence[_File | None],
        watch: LoadingWatch | None,
        *,
        in_columns: bool = False,
        by_names: bool = False,
    ) -> None:
        self._watch = watch
        self._done: Bytes = 0
        self._total = sum(file.size for file in files if file)
        distinct = {file.identity: file.size for file in files if file}
        self._sizes = Counter(distinct.values())
        self._by_identity: dict[tuple[int, int], DecodedTrace] = {}
        self._by_content: dict[bytes, DecodedTrace] = {}
        # From the second different file on: most traces have but one, which would share nothing.
        self._known: KnownNodes = {}
        self._alike: AlikeFiles | None = None
        self._renamed = RenamedFiles() if by_names else None
        self._columns = _column_decoder() if in_columns else None

    def decoded(self, name: str, file: _File | None) -> DecodedTrace:
        """What is in a file."""
        if file is None:
            return self._of_content(io.BytesIO(read_file(name)), Path(name))
        decoded = self._by_identity.get(file.identity)
        if decoded is None:
            decoded = self._by_identity[file.identity] = self._read(Path(name), file)
        self._done += file.size
        return decoded

    def _read(self, path: Path, file: _File) -> DecodedTrace:
        if file.size <= BLOCK:
            return self._of_content(io.BytesIO(read_file(path)), path)
        with open_file(path) as stream:
            if self._sizes[file.size] == 1:  # no other can be the same
                return self._decode(stream, path)
            return self._of_content(stream, path)

    def _of_content(self, stream: io.BytesIO | io.BufferedReader, path: Path) -> DecodedTrace:
        """Decode a stream, unless one of the same content has been."""
        digest = hashlib.file_digest(stream, "sha256").digest()
        decoded = self._by_content.get(digest)
        if decoded is None:
            stream.seek(0)
            decoded = self._by_content[digest] = self._decode(stream, path)
        return decoded

    def _decode(self, stream: io.BufferedIOBase, path: Path) -> DecodedTrace:
        return self._in_columns(stream, path) or self._as_objects(stream, path)

    def _in_columns(self, stream: io.BufferedIOBase, path: Path) -> DecodedTrace | None:
        """What is in a stream, as columns; None if that isn't worth it, or something is wrong.

        Raises:
            _Alike: the file has most of its records in common with one before.
        """
        if self._columns is None:
            return None
        try:
            content = Watched(inflated(stream, path), stream.tell, self._tell)
            data = b"".join(iter(partial(content.read, BLOCK), b""))  # in blocks, to be told of
            decoded = self._columns.decoded(data, path)
        except TraceError:
            decoded = None
        if self._columns.are_alike:
            raise _Alike
        if decoded is None:
            stream.seek(0)
        return decoded

    def _as_objects(self, stream: io.BufferedIOBase, path: Path) -> DecodedTrace:
        if self._alike is None:
            self._alike = AlikeFiles(self._known)
            return decode_stream(stream, path, self._tell)
        data = stream.read(LARGEST + 1)
        stream.seek(0)
        renamed = None if self._renamed is None else self._renamed.decoded(data)
        if renamed is not None:
            return renamed
        decoded = self._alike.decoded(data)
        if decoded is None:
            decoded = decode_stream(stream, path, self._tell, self._known)
            if len(data) <= LARGEST:
                self._alike.learn(data, decoded)
        if self._renamed is not None and len(data) <= LARGEST:
            self._renamed.learn(data, decoded)
        return decoded

    def _tell(self, position: Bytes) -> None:
        if self._watch is not None and self._total > BLOCK:
            self._watch(self._done + position, self._total)


def _column_decoder() -> columns.ColumnDecoder | None:
    """What makes columns of files; None where numba, or what it needs, is not what it should be."""
    try:
        kept.DECODE.load()
        return columns.ColumnDecoder()
    except Exception:  # one that doesn't fit its libraries fails as anything
        return None


def _status(name: str, prefix: Path | str, npus: int) -> _File | None:
    """What is known of a file; None if it isn't an ordinary one.

    Raises:
        TraceError: it isn't there.
    """
    try:
        status = os.stat(name)  # noqa: PTH116  # see above: a Path takes longer
    except FileNotFoundError:
        raise missing_file(Path(name), prefix, npus) from None
    except (OSError, ValueError):
        return None  # reading it says what is wrong
    if not stat.S_ISREG(status.st_mode):
        return None
    return _File((status.st_dev, status.st_ino), status.st_size)
