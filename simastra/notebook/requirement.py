"""What is said where a package that notebooks need is not installed."""

from importlib.util import find_spec

from simastra.errors import MissingPackageError

_EXTRA = "notebook"


def require(package: str, purpose: str) -> None:
    """Go on only where `package` is installed.

    Args:
        package: its name.
        purpose: what needs it, the subject of the message.

    Raises:
        MissingPackageError: if it isn't.
    """
    if find_spec(package) is None:
        raise MissingPackageError(package, _EXTRA, purpose)
