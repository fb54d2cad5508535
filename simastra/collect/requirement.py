"""What is said where PyTorch is not installed."""

from importlib.util import find_spec

from simastra.errors import InputError


class MissingTorchError(InputError, ImportError):
    """PyTorch is not installed. Also an ImportError, since an import is what it ends."""


def require_torch() -> None:
    """Go on only where PyTorch is installed.

    Raises:
        MissingTorchError: if it isn't.
    """
    if find_spec("torch") is None:
        raise MissingTorchError(
            "simastra.collect records PyTorch programs, and PyTorch is not installed here; "
            "install the extra that brings it: pip install 'simastra[torch]'"
        )
