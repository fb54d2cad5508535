"""Modules that are imported when they are first used: the only way in which imports wait.

A command needs a small part of the package, and few need rich, google.protobuf or pandas, each of
which takes as long to import as all the rest. To defer one, beside the other imports::

    if TYPE_CHECKING:
        from simastra.trace import protobuf
    else:
        protobuf = deferred("simastra.trace.protobuf")

Type checkers and the import contracts then see an ordinary import, and whoever reads the file sees
it at its top. A package whose names few ask for has, beside the import of these::

    else:
        __getattr__ = deferred_names(__name__, {"module": ("Name", "another")})
"""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from simastra.gc_policy import collector_paused


def deferred(name: str) -> ModuleType:
    """Stand for the module `name`, which is imported when anything in it is asked for."""
    return _Deferred(name)


class _Deferred(ModuleType):
    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):  # asked of any object, by inspect for instance
            raise AttributeError(attribute)
        return getattr(imported(self.__name__), attribute)


def deferred_names(package: str, homes: Mapping[str, tuple[str, ...]]) -> Callable[[str], object]:
    """Make the ``__getattr__`` of a package, whose names are imported when asked for (PEP 562).

    `dir` lists them from the start, for completion at Tab.

    Args:
        package: its ``__name__``.
        homes: for modules in it, which of their names are the package's as well. None may be a
            module's name, too, which it would have once that is imported.
    """
    home_of = {name: module for module, names in homes.items() for name in names}

    def find(name: str) -> object:
        if name not in home_of:
            problem = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(problem, name=name, obj=sys.modules[package])
        found: object = getattr(imported(f"{package}.{home_of[name]}"), name)
        setattr(sys.modules[package], name, found)
        return found

    known = vars(sys.modules[package])
    known["__dir__"] = lambda: sorted({*known, *home_of})
    return find


def imported(name: str) -> ModuleType:
    """Import a module, with no regard to the garbage collector if it is new.

    What modules consist of stays, so that it need be looked at neither meanwhile, nor during a run,
    nor when Python ends: that is a seventh of what a small run takes.
    """
    if name in sys.modules:
        return import_module(name)  # which waits for another thread that has only begun to
    with collector_paused(freezing=True):
        return import_module(name)
