"""Modules that are imported when they are first used: the only way in which imports wait.

A command needs a small part of the package, and few need rich, google.protobuf or pandas, each of
which takes as long to import as all the rest. To defer one, beside the other imports::

    if TYPE_CHECKING:
        from simastra.trace import protobuf
    else:
        protobuf = deferred("simastra.trace.protobuf")

Type checkers and the import contracts then see an ordinary import, and whoever reads the file sees
it at its top.
"""

import sys
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


def imported(name: str) -> ModuleType:
    """Import a module, with no regard to the garbage collector if it is new.

    What modules consist of stays, so that it need be looked at neither meanwhile, nor during a run,
    nor when Python ends: that is a seventh of what a small run takes.
    """
    if name in sys.modules:
        return import_module(name)  # which waits for another thread that has only begun to
    with collector_paused(freezing=True):
        return import_module(name)
