"""`dataclass` in a third of the time, for frozen classes that a plain run imports.

The standard library writes and compiles six methods a class, which takes 0.3 ms, and a run imports
a hundred classes: an eighth of all that a small one takes. Here only ``__init__`` is compiled; the
others are the same for all classes, or made for the fields that they read. To type checkers it is
`dataclasses.dataclass`; `dataclasses.fields` and `dataclasses.replace`, ``match`` and pickle find
what they look for.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

Method = Callable[..., Any]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen, slots=False, eq=True, repr=True):
        """Make a class as `dataclasses.dataclass` does, which type checkers see in its place.

        One of these and a frozen one of the standard library's can't inherit from each other.

        Raises:
            TypeError: if it isn't to be frozen: that would gain little.
        """
        if not frozen:
            raise TypeError("take the standard library's dataclass for one that isn't frozen")

        def made(cls):
            own = set(vars(cls))
            cls = dataclasses.dataclass(init=False, eq=False, repr=False, slots=slots)(cls)
            listed = fields(cls)
            methods = {"__init__": _init(listed, checks="__post_init__" in dir(cls))}
            methods |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
            if repr:
                methods["__repr__"] = _show
            if slots:
                methods |= {"__getstate__": _state, "__setstate__": _set_state}
            if eq:
                methods |= _comparing(listed)
            for name, method in methods.items():
                if name not in own:
                    setattr(cls, name, method)
            return cls

        return made


def _init(listed: tuple[Field[Any], ...], *, checks: bool) -> Method:
    """The method that is written for each class: its parameters are the fields.

    Args:
        listed: these.
        checks: whether the class has a ``__post_init__``.
    """
    known: dict[str, Any] = {"put": object.__setattr__, "MISSING": MISSING}
    known |= {f"default_{field.name}": field.default for field in listed}
    known |= {f"make_{field.name}": field.default_factory for field in listed}
    parameters = ["self", *(_parameter(field) for field in listed if field.init)]
    body = [f"put(self, {field.name!r}, {value})" for field in listed for value in _values(field)]
    body += ["self.__post_init__()"] if checks else []
    exec(
        f"def __init__({', '.join(parameters)}):\n  {'; '.join(body) or 'pass'}", known
    )  # as dataclasses does
    made: Method = known["__init__"]
    made.__annotations__ = {field.name: field.type for field in listed if field.init}
    return made


def _parameter(field: Field[Any]) -> str:
    if field.default_factory is not MISSING:
        return f"{field.name}=MISSING"
    return field.name if field.default is MISSING else f"{field.name}=default_{field.name}"


def _values(field: Field[Any]) -> Iterator[str]:
    """What a field is set to when an object is made; nothing if that is left to others."""
    made = f"make_{field.name}()"
    if field.default_factory is MISSING:
        if field.init:
            yield field.name
    else:
        yield f"{made} if {field.name} is MISSING else {field.name}" if field.init else made


def _comparing(listed: tuple[Field[Any], ...]) -> dict[str, Method]:
    compared = _reader(field.name for field in listed if field.compare)
    hashed = _reader(it.name for it in listed if (it.compare if it.hash is None else it.hash))

    def equal(self: object, other: object) -> bool:
        same_class = self.__class__ is other.__class__
        return compared(self) == compared(other) if same_class else NotImplemented

    return {"__eq__": equal, "__hash__": lambda self: hash(hashed(self))}


def _reader(names: Iterable[str]) -> Callable[[object], tuple[Any, ...]]:
    """What reads these fields of an object."""
    match tuple(names):
        case ():
            return lambda _: ()
        case (name,):
            return lambda of: (getattr(of, name),)
        case several:
            return attrgetter(*several)


@recursive_repr()
def _show(self: Any) -> str:
    shown = (f"{field.name}={getattr(self, field.name)!r}" for field in fields(self) if field.repr)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _refuse_to_set(self: object, name: str, value: object) -> None:
    if _is_frozen(self, name):
        raise FrozenInstanceError(f"cannot assign to field {name!r}")
    object.__setattr__(self, name, value)


def _refuse_to_delete(self: object, name: str) -> None:
    if _is_frozen(self, name):
        raise FrozenInstanceError(f"cannot delete field {name!r}")
    object.__delattr__(self, name)


def _is_frozen(self: Any, name: str) -> bool:
    """Whether it is a field, or of a dataclass: a plain class made from one has others, too."""
    return "__dataclass_fields__" in vars(type(self)) or name in self.__dataclass_fields__


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    """As pickle wants it of slots that nobody may set."""
    for field, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)
