"""Whatever happens to a log: measurements, perhaps with notices, or one message; nothing else.

Damages are drawn from a fixed seed, so that each run of the tests has the same hundred.
"""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from support.nccl_logs import NEW, OLD, PER_ITERATION, log, nccl_json

from simastra import CollectiveType, InputError
from simastra.calibration.measurements import LogOptions, Measurements, read_measurements

_LOGS = (
    log(layout=NEW).encode(),
    log("all_gather", 16, layout=OLD, hosts=2).encode(),
    log("alltoall", layout=PER_ITERATION).encode(),
    json.dumps(nccl_json(), indent=1).encode(),
    b"collective,gpus,bytes,us\n"
    + b"".join(b"allreduce,8,%d,9.5\n" % size for size in range(8, 40)),
)

Damage = Callable[[bytes, random.Random], bytes]


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def without_begin(data: bytes, chance: random.Random) -> bytes:
    return data[chance.randrange(len(data)) :]


def without_lines(data: bytes, chance: random.Random) -> bytes:
    return b"\n".join(line for line in data.split(b"\n") if chance.random() < 0.7)


def shuffled(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def overwritten(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(30):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def interleaved(data: bytes, chance: random.Random) -> bytes:
    middle = chance.randrange(len(data))
    return data[:middle] + chance.choice(_LOGS)[: chance.randrange(500)] + data[middle:]


def without_columns(data: bytes, chance: random.Random) -> bytes:
    return b"\n".join(line[: chance.randrange(40, 140)] for line in data.split(b"\n"))


def with_other_digits(data: bytes, chance: random.Random) -> bytes:
    digits = [index for index, it in enumerate(data) if chr(it).isdigit()]
    changed = bytearray(data)
    for index in chance.sample(digits, min(40, len(digits))):
        changed[index] = ord(chance.choice("0123456789.-eN"))
    return bytes(changed)


def joined_lines(data: bytes, chance: random.Random) -> bytes:
    return b"".join(it + (b"" if chance.random() < 0.3 else b"\n") for it in data.split(b"\n"))


def repeated(data: bytes, chance: random.Random) -> bytes:
    return data * 3 + data[: chance.randrange(len(data))]


DAMAGES: tuple[Damage, ...] = (
    cut,
    without_begin,
    without_lines,
    shuffled,
    overwritten,
    interleaved,
    without_columns,
    with_other_digits,
    joined_lines,
    repeated,
)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("which", range(len(_LOGS)))
def test_a_damaged_log_gives_measurements_or_one_message(
    tmp_path: Path, which: int, damage: Damage, seed: int
) -> None:
    chance = random.Random(f"{which} {damage.__name__} {seed}")
    file = tmp_path / "damaged.log"
    file.write_bytes(damage(_LOGS[which], chance))
    measurements = outcome(file)
    if measurements is None:
        return
    assert measurements.rows
    for row in measurements.rows:
        assert row.us > 0
        assert row.size >= 8
        assert row.npus >= 2
        assert 1 <= row.nodes <= row.npus
        assert isinstance(row.collective, CollectiveType)


def outcome(file: Path) -> Measurements | None:
    """What is read; None if that is one message, which names the file."""
    try:
        return read_measurements([file])
    except InputError as error:
        message = str(error)
    assert "damaged.log" in message
    assert len(message.splitlines()) == 1
    return None


def test_a_log_without_its_end_has_the_rows_before(tmp_path: Path) -> None:
    file = tmp_path / "damaged.log"
    text = log()
    file.write_text(text[: text.index("1073741824", 400) + 30])
    whole = tmp_path / "whole.log"
    whole.write_text(text)
    assert [it.us for it in read_measurements([file]).rows] == [
        it.us for it in read_measurements([whole]).rows[:-1]
    ]


def test_two_numbers_of_gpus_without_a_header_are_one_message(tmp_path: Path) -> None:
    file = tmp_path / "damaged.log"
    tables = [
        line for npus in (4, 8) for line in log(npus=npus).splitlines() if not line.startswith("#")
    ]
    file.write_text("\n".join(tables))
    for npus in (None, 4, 8):
        options = LogOptions(collective=CollectiveType.ALL_REDUCE, npus=npus)
        with pytest.raises(InputError, match=r"damaged\.log: .* rows of 4 and 8; split it"):
            read_measurements([file], options)
