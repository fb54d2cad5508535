"""What a TraceBuilder is given, as attributes of nodes hold it; or what is wrong with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from simastra.errors import TraceError
from simastra.trace.attributes import Stored, member_sizes
from simastra.trace.nodes import CollectiveType, Node, uneven_size
from simastra.units import Bytes

_T = TypeVar("_T")


def refusal(problem: str) -> TraceError:
    """Make (not raise) what is raised for an argument that makes no sense."""
    return TraceError(problem, source="TraceBuilder")


def converted(here: str, name: str, value: Any, convert: Callable[[Stored], _T]) -> _T:
    """A value as an attribute holds it.

    Args:
        here: the node that it is for, for messages.
        name: of the argument.
        value: as it is given.
        convert: as of `ATTRIBUTES`; its ValueError says what is wanted.

    Raises:
        TraceError: it is none.
    """
    try:
        return convert(value)
    except ValueError as wanted:
        raise refusal(f"{here}: {name} is {value!r}; {wanted} is wanted") from wanted


def ids_of(here: str, after: Node | Iterable[Node], nodes: Sequence[Node]) -> tuple[int, ...]:
    """The ids of those among a builder's nodes that are to be waited for.

    Raises:
        TraceError: something else is among them.
    """
    awaited = tuple(after) if isinstance(after, Iterable) else (after,)
    for node in awaited:
        if not isinstance(node, Node):
            raise refusal(f"{here}: after holds {node!r}; nodes of this builder are wanted")
        if not (0 < node.id <= len(nodes) and nodes[node.id - 1] is node):
            raise refusal(
                f"{here}: after holds {node.name!r}, which another builder made; "
                "dependencies join nodes of one NPU only"
            )
    # Each once: in ASTRA-sim at hoti2024 a node that is listed twice is waited for for ever.
    return tuple(dict.fromkeys(node.id for node in awaited))


def tensors(here: str, sizes: Mapping[str, Bytes] | None) -> tuple[object, ...] | None:
    """Bytes of tensors by name as attributes hold them; None for none.

    Raises:
        TraceError: it is no mapping.
    """
    if sizes is None:
        return None
    if not isinstance(sizes, Mapping):
        raise refusal(
            f"{here} is {sizes!r}; bytes of tensors by name are wanted, as in {{'a': 1024}}"
        )
    return tuple(text for name, size in sizes.items() for text in (name, str(size)))


def listed_sizes(here: str, sizes: Any) -> Sequence[Bytes]:
    """Sizes of members as attributes hold them, whichever sequence they come in.

    Raises:
        TraceError: they are none.
    """
    is_listed = isinstance(sizes, Iterable) and not isinstance(sizes, str)
    return converted(here, "sizes", tuple(sizes) if is_listed else sizes, member_sizes)


def size_of(
    here: str, type: CollectiveType, size: Bytes | None, sizes: Sequence[Bytes] | None
) -> Bytes:
    """What is said of a collective's size, or what an uneven one has in all.

    Raises:
        TraceError: neither is said.
    """
    if size is not None:
        return size
    if sizes is None:
        raise refusal(f"{here}: size is missing; or give sizes, one a member")
    return uneven_size(type, sizes)


def dimensions_of(here: str, dims: Any) -> tuple[bool, ...]:
    """The network dimensions that a collective is over, as attributes hold them.

    Raises:
        TraceError: they are no list of truths.
    """
    if not isinstance(dims, Sequence) or not dims:
        raise refusal(
            f"{here}: dims is {dims!r}; one True or False for each network dimension is wanted"
        )
    return tuple(dims)
