"""Models that `help()` shows by what their fields mean, rather than by their validators."""

from typing import TYPE_CHECKING

from pydantic import BaseModel

from simastra.deferred import deferred

if TYPE_CHECKING:
    DocumentedModel = BaseModel
else:  # sources are read once somebody asks
    described = deferred("simastra.config.described")

    class _Documented(type(BaseModel)):
        """Answers for a class's docstring, which Python looks for here first."""

        @property
        def __doc__(cls) -> str | None:
            return described.documentation(cls, cls.__dict__.get("__doc__"))

    class _Signature:
        """The signature of a class, and not of its instances."""

        def __get__(self, instance, owner):
            if instance is not None:
                raise AttributeError("__signature__")
            return described.signature(owner)

    class DocumentedModel(BaseModel, metaclass=_Documented):
        """A model whose fields may have docstrings."""

        @classmethod
        def __pydantic_init_subclass__(cls, **kwargs) -> None:
            """Take the place of pydantic's signature, which spells all validators out."""
            super().__pydantic_init_subclass__(**kwargs)
            cls.__signature__ = _Signature()
