"""Fields that take more than they keep, so that a type checker knows both.

Who makes a model writes ``npus_count=[4, 2]``, and who reads it finds the tuple ``(4, 2)``. To a
type checker a field has one type, that of its annotation, unless that is a descriptor: then a
constructor takes what ``__set__`` takes, and reading gives what ``__get__`` gives.
"""

from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

from simastra.quick_dataclass import dataclass

Given_contra = TypeVar("Given_contra", contravariant=True)
Kept_co = TypeVar("Kept_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Takes:
    """What a field takes, among the metadata of its annotation: for the signature in `help()`."""

    given: Any


if TYPE_CHECKING:

    class Converted(Generic[Given_contra, Kept_co]):
        """A field that takes one type and keeps another, into which its validator turns it."""

        def __get__(self, model: object, owner: Any = None) -> Kept_co: ...
        def __set__(self, model: object, value: Given_contra) -> None: ...

else:

    class Converted:
        """A field that takes one type and keeps another: to pydantic, the one that it keeps."""

        def __class_getitem__(cls, types):
            given, kept = types
            return Annotated[kept, Takes(given)]


def kept(default: Any) -> Any:
    """The default of a field that converts: of the type that it keeps, not of the one it takes."""
    return default
