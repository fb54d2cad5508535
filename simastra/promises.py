"""Whether what a part says of itself counts.

Exact shortcuts rely on what topologies, algorithms, memories and probes promise: that a ring may be
turned round, that nobody waits for anybody. A class inherits what its base says together with what
its base does, and may then do otherwise. So a promise counts only where the class that states it is
the one that does what is promised: no class between it and the part changes anything.
"""

from inspect import getattr_static

_SAYS_NOTHING = frozenset(
    {
        "__abstractmethods__",
        "__annotate_func__",
        "__annotations__",
        "__annotations_cache__",
        "__dict__",
        "__doc__",
        "__final__",
        "__firstlineno__",
        "__module__",
        "__orig_bases__",
        "__parameters__",
        "__qualname__",
        "__slots__",
        "__static_attributes__",
        "__weakref__",
        "_abc_impl",
    }
)
"""What a class has without any statement in its body but a docstring."""


def states(part: object, promise: str) -> bool:
    """Whether a part itself makes a promise: it isn't only inherited by a class that is different.

    Args:
        part: a topology, an algorithm, and so on.
        promise: the name of the attribute that says it.
    """
    for kind in type(part).__mro__:
        if promise in vars(kind):
            return is_just(part, kind)
    return False


def is_just(part: object, kind: type) -> bool:
    """Whether a part is of that class, and does all as the class does.

    Subclasses that add and change nothing are as good as the class; attributes of the part alone
    that take the place of a method are not.
    """
    line = type(part).__mro__
    if kind not in line:
        return False
    place = line.index(kind)
    changed = any(vars(between).keys() - _SAYS_NOTHING for between in line[:place])
    return line[place:] == kind.__mro__ and not changed and not _has_methods_of_its_own(part)


def _has_methods_of_its_own(part: object) -> bool:
    own = part.__dict__ if hasattr(part, "__dict__") else {}
    of_class = (getattr_static(type(part), name, None) for name in own)
    return any(callable(it) or isinstance(it, staticmethod | classmethod) for it in of_class)
