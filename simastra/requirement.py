"""What is said where an optional package is not installed."""

from importlib import import_module
from types import ModuleType

from simastra.errors import MissingPackageError


def require(package: str, extra: str, purpose: str) -> ModuleType:
    """Import a package that may not be there.

    Args:
        package: its name.
        extra: the extra of simastra that brings it.
        purpose: what needs it, the subject of the message.

    Raises:
        MissingPackageError: if it isn't installed.
    """
    try:
        return import_module(package)
    except ImportError:
        raise MissingPackageError(package, extra, purpose) from None
