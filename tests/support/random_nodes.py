"""Random nodes of an NPU, sound and unsound: all that decides what a program is."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TypeVar

from simastra.trace import CollectiveType, Node, NodeType

Value = TypeVar("Value")

_SIZES = (0, 1, 64, 1000, 2**40)
_MOST_NODES = 14


def random_nodes(draw: Random) -> tuple[Node, ...]:
    """Nodes of one NPU; about every third list is wrong in some way."""
    count = draw.randrange(_MOST_NODES)
    first = draw.choice((0, 1, 7))
    step = draw.choice((1, 1, 1, 3))
    ids = [first + step * place for place in range(count)]
    nodes = [_node(draw, ids[:place], number) for place, number in enumerate(ids)]
    if nodes and draw.random() < 0.3:
        spoil = draw.choice((_shuffle, _repeat_an_id, _wait_for_nobody, _wait_for_later))
        spoil(draw, nodes)
    return tuple(nodes)


def random_relative(draw: Random, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Nodes that are like others, but for their peers, and perhaps something more."""
    changed = [_with_other_peer(draw, node) for node in nodes]
    if changed and draw.random() < 0.3:
        place = draw.randrange(len(changed))
        one = _node(draw, [], changed[place].id)
        kept = draw.choice(("type", "duration", "is_cpu_op", "comm_size", "num_ops", "ctrl_deps"))
        changed[place] = replace(changed[place], **{kept: getattr(one, kept)})
    return tuple(changed)


def _node(draw: Random, earlier: list[int], number: int) -> Node:
    kind = draw.choice((*NodeType, NodeType.COMP, NodeType.COMM_SEND, NodeType.COMM_RECV))
    return Node(
        number,
        f"{kind.name} {number}",
        kind,
        data_deps=_some(draw, earlier),
        ctrl_deps=_some(draw, earlier) if draw.random() < 0.3 else (),
        duration=draw.choice((0, 1000, 5000)),
        duration_nanos=draw.choice((None, None, None, 0, 1234)),
        is_cpu_op=draw.choice((None, False, False, False, False, False, True)),
        num_ops=draw.choice((None, 0, 10**6)),
        tensor_size=_mostly(draw, draw.choice(_SIZES)),
        comm_type=_mostly(draw, draw.choice([*CollectiveType, *[CollectiveType.ALL_REDUCE] * 20])),
        comm_size=_mostly(draw, draw.choice(_SIZES)),
        comm_src=_mostly(draw, draw.randrange(4)),
        comm_dst=_mostly(draw, draw.randrange(4)),
        comm_tag=draw.choice((None, 0, 7, 2**31 - 1)),
        comm_priority=draw.choice((None, None, 1)),
        involved_dim=draw.choice((None, (True,), (True, False))),
        pg_name=draw.choice((None, "", "1", "2", "2", "", "x" if draw.random() < 0.1 else "3")),
        comm_uneven=draw.choice((None, None, None, True, False)),
        comm_sizes=draw.choice((*[None] * 9, (1, 2))),
    )


def _mostly(draw: Random, value: Value) -> Value | None:
    return None if draw.random() < 0.02 else value


def _some(draw: Random, earlier: list[int]) -> tuple[int, ...]:
    most = min(3, len(earlier))
    return tuple(draw.choices(earlier, k=draw.randrange(most + 1))) if earlier else ()


def _with_other_peer(draw: Random, node: Node) -> Node:
    changes = draw.choice(({}, {}, {"comm_dst": 3}, {"comm_src": 3}, {"comm_tag": 9}))
    return replace(node, **changes)


def _shuffle(draw: Random, nodes: list[Node]) -> None:
    draw.shuffle(nodes)


def _repeat_an_id(draw: Random, nodes: list[Node]) -> None:
    nodes.append(replace(draw.choice(nodes), name="again"))


def _wait_for_nobody(draw: Random, nodes: list[Node]) -> None:
    _wait(draw, nodes, 10**6)


def _wait_for_later(draw: Random, nodes: list[Node]) -> None:
    _wait(draw, nodes, draw.choice(nodes).id)


def _wait(draw: Random, nodes: list[Node], needed: int) -> None:
    place = draw.randrange(len(nodes))
    field = draw.choice(("data_deps", "ctrl_deps"))
    deps = (*getattr(nodes[place], field), needed)
    nodes[place] = replace(nodes[place], **{field: deps})
