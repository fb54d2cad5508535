"""What can be looked into at a frame: what it is about, its NPU, queues, links, the simulation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

from simastra.debug.prompt.expression import NAMES
from simastra.debug.state import State
from simastra.debug.trace_state import traced_nodes
from simastra.debug.trace_view import status_words
from simastra.trace import Node
from simastra.units import NpuId

from .stack import FrameLevel, StackFrame
from .values import (
    Variable,
    Variables,
    chosen_variables,
    listed_variables,
    named_variables,
    variables_of,
)


@dataclass(frozen=True, slots=True)
class VariableScope:
    """A group of values.

    Attributes:
        name: its title.
        find: gives what is in it.
        is_local: whether it is what a client should unfold at first.
        is_expensive: whether it is unfolded only when somebody asks for it.
    """

    name: str
    find: Callable[[], Variables]
    is_local: bool = False
    is_expensive: bool = False


def scopes(state: State, frame: StackFrame) -> Iterator[VariableScope]:
    """The groups of values at a frame, the nearest first.

    Args:
        state: the simulation.
        frame: the frame.
    """
    npu, about = frame.npu, frame.about
    if about is not None:
        yield VariableScope(f"{frame.level}", lambda: variables_of(about), is_local=True)
    if frame.index is not None:
        node = state.process(npu).program.graph.nodes[frame.index]
        is_local = frame.level is FrameLevel.NODE
        yield VariableScope("Node", lambda: _node(state, frame, node), is_local=is_local)
    yield VariableScope(f"NPU {npu}", lambda: variables_of(state.npu(npu), f"npu({npu})"))
    yield VariableScope("Queues", lambda: _queues(state, npu))
    yield VariableScope("Links", lambda: _links(state, npu))
    yield VariableScope("Simulation", lambda: _simulation(state), is_expensive=True)


def _node(state: State, frame: StackFrame, node: Node) -> Variables:
    """What the trace says of a node, and how far it has come."""
    assert frame.index is not None
    (traced,) = traced_nodes(state, frame.npu, [frame.index])
    given = {each.name: getattr(node, each.name) for each in fields(node)}
    return named_variables(
        {
            "status": status_words(traced),
            **{name: value for name, value in given.items() if value not in (None, ())},
            "operation": traced.operation,
            "waits_for": traced.parents,
            "before": traced.children,
        }
    )


def _queues(state: State, npu: NpuId) -> Variables:
    """An NPU's chunks by their queues; a queue has at least one."""
    queues: defaultdict[int, list[Variable]] = defaultdict(list)
    for place, stream in enumerate(state.npu(npu).streams):
        said = f"npu({npu}).streams[{place}]"
        queues[stream.queue].append(Variable(f"stream {stream.name}", stream, said))
    return chosen_variables(
        Variable(f"queue {queue}", {part.name: part.value for part in parts})
        for queue, parts in queues.items()
    )


def _links(state: State, npu: NpuId) -> Variables:
    """The links from and to an NPU that messages have used."""
    return listed_variables(
        [
            Variable(str(link), link, f"link({link.src}, {link.dst})")
            for link in state.links_at(state.process(npu).npu.npu)
        ]
    )


def _simulation(state: State) -> Variables:
    """What an expression can name."""
    return chosen_variables(
        Variable(name, named.find(state), name) for name, named in NAMES.items()
    )
