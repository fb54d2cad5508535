"""What names in a study's expressions are worth at a point."""

from collections.abc import Mapping
from typing import Any

from .axes import Setting
from .expressions import ExpressionError, StudyExpression
from .inputs import InputMaker, PointInputs
from .key_paths import KeyPath, KeyPathError
from .names import NameKind, Names, found_in


class NotKnownError(LookupError):
    """A column isn't known, or not yet."""


class PointScope:
    """A point, to whom expressions turn.

    Args:
        names: what they may ask for.
        setting: of the axes.
        maker: of inputs, which are made if they are asked for.
        columns: expressions of the study's own columns.
        row: columns that are known.
    """

    def __init__(
        self,
        names: Names,
        setting: Setting,
        maker: InputMaker,
        columns: Mapping[str, StudyExpression],
        row: Mapping[str, object],
    ) -> None:
        self._names = names
        self._setting = setting
        self._maker = maker
        self._columns = columns
        self._row = row
        self._inputs: PointInputs | None = None
        self._computed: dict[str, Any] = {}

    def value(self, name: str) -> Any:
        """What a name is worth.

        Raises:
            NotKnownError: it is a column that isn't known.
            ExpressionError: it is a key path that leads nowhere.
            InputError: the setting makes no sense.
        """
        meaning = self._names.meaning(name)
        match meaning.kind:
            case NameKind.AXIS:
                return self._setting[meaning.name]
            case NameKind.COLUMN:
                return self.column(meaning.name)
            case NameKind.NPUS:
                return self._made.network.npus
            case NameKind.INPUT:
                assert meaning.path is not None
                return self._found(meaning.path)

    def column(self, name: str) -> Any:
        """What a column is worth.

        Raises:
            NotKnownError: it isn't known.
            ExpressionError: it has no value.
            InputError: the setting makes no sense.
        """
        known = self._row.get(name)
        if known is not None:
            return known
        if name not in self._columns:
            raise NotKnownError(name)
        if name not in self._computed:  # once, however many others ask for it
            self._computed[name] = self._columns[name].value(self.value)
        return self._computed[name]

    def _found(self, path: KeyPath) -> Any:
        try:
            return found_in(self._made.documents, path)
        except KeyPathError as error:
            default = self._made.default(path)
            if default is None:
                raise ExpressionError(str(error)) from None
            return default

    @property
    def _made(self) -> PointInputs:
        if self._inputs is None:
            self._inputs = self._maker.inputs(self._setting)
        return self._inputs
