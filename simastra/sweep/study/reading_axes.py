"""Reads the axes of a study, and checks what one of them alone can't know."""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from simastra.config.messages import show_key
from simastra.suggestions import unknown_name

from .axes import Axis, AxisError, key_paths, read_axis
from .inputs import InputMaker
from .key_paths import KeyPath
from .measured import RESERVED
from .mistakes import Mistakes
from .roots import ROOTS, known_keys, plain


def read_axes(written: Mapping[str, object], mistakes: Mistakes) -> tuple[Axis, ...]:
    """Those that are right."""
    axes: list[Axis] = []
    taken: dict[KeyPath, str] = {}
    for name, values in written.items():
        with mistakes.telling(axis_key(name)):
            axis = read_axis(str(name), values, plain)
            if axis.name in RESERVED:
                raise AxisError("is a column that every row has; choose another name")
            for path in axis.keys:
                _check_beginning(axis, path)
                if taken.setdefault(path, axis.name) != axis.name:
                    raise AxisError(f"varies {path}, as the axis {taken[path]} does")
            axes.append(axis)
    return tuple(axes)


def unread_axes(written: Mapping[str, object], read: tuple[Axis, ...]) -> Iterator[Axis]:
    """What stands for axes that are wrong, so that who names one of them isn't told of it, too."""
    names = {axis.name for axis in read}
    for name, it in written.items():
        if name not in names:
            keys: tuple[KeyPath, ...] = ()
            with suppress(AxisError):
                keys = key_paths(str(name), it if isinstance(it, Mapping) else {})
            yield Axis(str(name), keys, ())


def check_paths(axes: tuple[Axis, ...], maker: InputMaker, mistakes: Mistakes) -> None:
    """Find paths that lead nowhere at any point: those into inputs that are no axes themselves."""
    paths = [(axis, path) for axis in axes for path in axis.keys]
    for axis, path in paths:
        if path.inner and not any(it.begins(path) and it != path for _, it in paths):
            problem = maker.leads_nowhere(path)
            if problem:
                mistakes.add(axis_key(axis.name) + _within(axis), problem)


def axis_key(name: object) -> str:
    """Where an axis stands."""
    return f"axes.{show_key(name)}"


def _within(axis: Axis) -> str:
    """Where in an axis its path stands."""
    if len(axis.keys) > 1:
        return ".keys"
    return "" if str(axis.keys[0]) == axis.name else ".key"


def _check_beginning(axis: Axis, path: KeyPath) -> None:
    """Check that a path leads into an input, to a key that this may have."""
    root, inner, within = path.root, path.inner, _within(axis)
    if root not in ROOTS:
        hint = "" if inner or within else "; an axis with a name of its own needs its key"
        raise AxisError(unknown_name("input", root, ROOTS) + hint, within)
    if inner and root == "workload":
        raise AxisError("leads into a workload's files; name the whole workload", within)
    keys = known_keys(root)
    if inner and keys and inner[0] not in keys:
        known = [f"{root}.{key}" for key in keys]
        raise AxisError(unknown_name("key", f"{root}.{inner[0]}", known), within)
