"""Models that `help()` shows by what their fields mean, rather than by their validators."""

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from simastra.deferred import deferred

if TYPE_CHECKING:
    DocumentedModel = BaseModel
else:  # sources are read once somebody asks
    described = deferred("simastra.config.described")

    class _Documented(type(BaseModel)):
        """Answers for a class's docstring and signature, which Python looks for here first."""

        @property
        def __doc__(cls) -> str | None:
            return described.documentation(cls, cls.__dict__.get("__doc__"))

        @property
        def __signature__(cls):
            return described.signature(cls)

        @__signature__.setter
        def __signature__(cls, signature) -> None:
            """Take no other: pydantic's spells all validators out, and it sets it in the end."""

    class DocumentedModel(BaseModel, metaclass=_Documented):
        """A model whose fields may have docstrings."""

        model_config = ConfigDict(defer_build=True)  # to look for pydantic's plugins takes a while


class StrictSection(DocumentedModel):
    """Part of a file of simastra's own: keys that there are, values of their types, finite ones."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        defer_build=True,  # most runs have no such file
    )
