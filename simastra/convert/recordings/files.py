"""Files of recordings by the words that name them, and which rank each is of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from simastra.convert.json_stream import JsonArray
from simastra.convert.pytorch.header import process_number
from simastra.errors import InputError, TraceError
from simastra.foreign import InputRole, instead_of, kind_of_file
from simastra.reading import is_pattern, matching
from simastra.trace.files import open_file

_ENDINGS = (".json", ".json.gz")
_RANK = re.compile(r"rank[-_.=]?(\d{1,9})", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_ROLES = (InputRole.DEVICE, InputRole.HOST, InputRole.LINKED)
"""What a file may be; of a host trace, which may stand for a linked one, the first that fits."""


@dataclass(frozen=True, slots=True)
class RecordingFile:
    """A file of a recording.

    Attributes:
        path: where it is.
        role: what it is: a host, a device, or a linked trace.
        number: in its name; None if there is none.
        rank: of the process, as it says; None if it doesn't, before its events.
    """

    path: Path
    role: InputRole
    number: int | None
    rank: int | None


def means_several(words: Sequence[str]) -> bool:
    """Whether words may name more than one file: several, a folder, a pattern."""
    return len(words) > 1 or any(Path(word).is_dir() or _is_pattern(word) for word in words)


@dataclass(frozen=True, slots=True)
class NamedFiles:
    """Files that words name.

    Attributes:
        paths: each once, in order.
        passed_over: files in a folder, or that fit a pattern, of which it isn't known what they
            are. Those that are known to be something else aren't among them.
    """

    paths: tuple[Path, ...]
    passed_over: tuple[Path, ...]


def named_files(words: Sequence[str]) -> NamedFiles:
    """Return the files that words name.

    A folder stands for the recordings in it, a pattern, such as ``trace_*.json``, for those that
    fit; whatever else is named is one file.

    Raises:
        InputError: a folder or a pattern has no recording.
    """
    paths: list[Path] = []
    unknown: list[Path] = []
    for word in words:
        candidates = _candidates(word)
        if candidates is None:
            paths.append(Path(word))
            continue
        found = [path for path in candidates if _role(path) is not None]
        if not found:
            raise InputError(_nothing(word, candidates))
        paths += found
        unknown += [path for path in candidates if kind_of_file(path) is None]
    return NamedFiles(tuple(dict.fromkeys(paths)), tuple(dict.fromkeys(unknown)))


def look_at(path: Path) -> RecordingFile:
    """Return what a file is.

    Raises:
        TraceError: it can't be read, or is no recording of PyTorch.
    """
    role = _role(path)
    if role is None:
        with open_file(path):
            pass
        problem = instead_of(path, InputRole.LINKED)
        raise TraceError(
            problem or "this is no recording of PyTorch: no host, device or linked trace",
            source=path,
        )
    rank = _rank_told(path) if role is InputRole.DEVICE else None
    return RecordingFile(path, role, number_in_name(path.name), rank)


def number_in_name(name: str) -> int | None:
    """Return the rank that a file's name tells: behind the word, else its last number.

    >>> number_in_name("rank-3.1695835535.pt.trace.json"), number_in_name("host_12.json.gz")
    (3, 12)
    """
    after = _RANK.findall(name)
    numbers = after or _NUMBER.findall(name)
    return int(numbers[-1]) if numbers else None


def _is_pattern(word: str) -> bool:
    return is_pattern(word) and not Path(word).exists()


def _candidates(word: str) -> list[Path] | None:
    """Files that may be meant by a folder or a pattern; None if a word is neither."""
    path = Path(word)
    if path.is_dir():
        return sorted(it for it in path.iterdir() if it.name.endswith(_ENDINGS))
    if _is_pattern(word):
        return [Path(it) for it in matching(word) if Path(it).is_file()]
    return None


def _nothing(word: str, candidates: Sequence[Path]) -> str:
    if _is_pattern(word) and not candidates:
        return f"{word}: no file has such a name"
    where = "among these files" if _is_pattern(word) else "in this folder"
    return (
        f"{word}: no recording of PyTorch is {where}; host, device or linked traces are looked for"
        f"{'' if _is_pattern(word) else ', in files that end with .json or .json.gz'}"
    )


def _role(path: Path) -> InputRole | None:
    kind = kind_of_file(path)
    roles = () if kind is None else kind.roles
    return next((role for role in _ROLES if role in roles), None)


def _rank_told(path: Path) -> int | None:
    """The rank in a device trace's ``distributedInfo``, where that is before its events."""
    array = JsonArray(path, "traceEvents")
    for _ in islice(array, 1):
        pass
    told = array.header.get("distributedInfo")
    return process_number(told, "rank", path) if isinstance(told, dict) else None
