"""Trace files as anybody might write them, right or wrong, from a seed."""

import gzip
from collections.abc import Callable
from random import Random
from typing import Any

from support.et_writer import bytes_field, number_field, varint

_NAMES = ["is_cpu_op", "comm_type", "comm_size", "involved_dim", "comm_priority", "comm_src"]
_NAMES += ["comm_dst", "comm_tag", "num_ops", "tensor_size", "purpose", "pg_name", "inputs"]
_NAMES += ["outputs", "comm_uneven", "comm_sizes", "duration_nanos", "seq_id", "", "é", "num_op"]
_VARINTS = [7, 9, 11, 13, 15, 17, 27]
_HUGE = [2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1, -1]


def ordinary_node(random: Random, id: int) -> bytes:
    """A record as most are."""
    parents = sorted({random.randrange(id) for _ in range(min(id, random.randrange(3)))})
    head = (number_field(1, id) if id else b"") + bytes_field(2, f"node {id}".encode())
    head += number_field(3, random.choice([4, 4, 5, 6, 7]))
    if random.random() < 0.1:
        head += bytes_field(4, b"".join(map(varint, parents[:1])))
    if parents:
        head += bytes_field(5, b"".join(map(varint, parents)))
    if random.random() < 0.5:
        head += number_field(7, random.randrange(10**6))
    usual = [
        attribute("is_cpu_op", number_field(27, random.random() < 0.2)),
        attribute("comm_type", number_field(9, random.randrange(10))),
        attribute("comm_size", number_field(9, random.randrange(10**8))),
        attribute("involved_dim", bytes_field(28, bytes_field(1, bytes([1, random.randrange(2)])))),
        attribute("comm_src", number_field(7, random.randrange(300))),
        attribute("comm_tag", number_field(7, random.randrange(300))),
        attribute("num_ops", number_field(9, random.randrange(10**12))),
        attribute("tensor_size", number_field(13, random.randrange(10**9))),
        attribute("pg_name", bytes_field(29, str(random.randrange(9)).encode())),
        attribute("seq_id", number_field(9, random.randrange(-3, 300))),
    ]
    return head + b"".join(it for it in usual if random.random() < 0.7)


def attribute(name: str, value: bytes) -> bytes:
    return bytes_field(10, bytes_field(1, name.encode()) + value)


def _odd_number(random: Random) -> int:
    return random.choice([0, 1, 2, 9, 10, 127, 128, random.randrange(2**64), *_HUGE])


def _odd_value(random: Random) -> bytes:
    text = random.choice([b"", b"3", b"a\xff", "é".encode(), b"8.0", b"x" * 200])
    texts = bytes_field(1, text) + random.choice([b"", bytes_field(1, b"8"), bytes_field(1, b"?")])
    numbers = b"".join(varint(random.choice([0, 1, 5])) for _ in range(random.randrange(3)))
    return random.choice(
        [
            b"",
            number_field(random.choice(_VARINTS), _odd_number(random)),
            number_field(random.choice(_VARINTS), _odd_number(random)),
            varint(random.choice(_VARINTS) << 3) + b"\x85\x80\x00",  # longer than need be
            b"\x19" + random.randbytes(8),
            b"\x19\0\0\0\0\0\0\x10\x40",  # 4.0
            b"\x2d" + random.randbytes(random.choice([4, 4, 3])),
            bytes_field(random.choice([29, 31]), text),
            bytes_field(30, texts),
            bytes_field(random.choice([8, 10, 28]), bytes_field(1, numbers)),
            bytes_field(29, text) + number_field(9, 3),  # the last one counts
        ]
    )


def _odd_field(random: Random) -> bytes:
    if random.random() < 0.75:
        return attribute(random.choice(_NAMES), _odd_value(random))
    number = random.randrange(1, 13)
    return random.choice(
        [
            number_field(number, _odd_number(random)),
            bytes_field(number, random.randbytes(random.randrange(4))),
            bytes_field(random.choice([4, 5]), b"".join(map(varint, [random.randrange(2**64)]))),
            bytes_field(2, random.choice([b"\xff", "é".encode(), b"n" * 130])),
        ]
    )


def odd_node(random: Random, id: int) -> bytes:
    """A record in which something is unusual, or wrong."""
    record = ordinary_node(random, id)
    kind = random.randrange(6)
    if kind == 0:
        return b"".join(_odd_field(random) for _ in range(random.randrange(4)))
    if kind == 1 and record:
        at = random.randrange(len(record))
        return record[:at] + random.randbytes(1) + record[at + random.randrange(2) :]
    if kind == 2:
        return record[: random.randrange(len(record) + 1)]
    return record + b"".join(_odd_field(random) for _ in range(random.randrange(1, 3)))


def trace_file(random: Random, nodes: int, odd: float) -> bytes:
    """A trace file.

    Args:
        random: tells what.
        nodes: how many.
        odd: the share of them that are unusual, or wrong.
    """
    start = random.choice([b"\n\x050.0.4", b"", bytes_field(1, b"0.0.4") + _odd_field(random)])
    payloads = [start if odd else b"\n\x050.0.4"]
    for id in range(nodes):
        made: Callable[[Random, int], bytes] = odd_node if random.random() < odd else ordinary_node
        payloads.append(made(random, id))
    return b"".join(varint(len(it)) + it for it in payloads)


def damaged(random: Random, data: bytes) -> bytes:
    """A file with something changed that doesn't heed records."""
    if not data:
        return data
    at = random.randrange(len(data))
    changes: list[Any] = [
        lambda: data[:at],
        lambda: data[:at] + random.randbytes(1) + data[at + 1 :],
        lambda: data[:at] + random.randbytes(3) + data[at:],
        lambda: data[:at] + data[at + 1 :],
        lambda: gzip.compress(data, 1),
        lambda: data + b"\xff\xff\xff\xff\xff\x01",
    ]
    made: bytes = random.choice(changes)()
    return made
