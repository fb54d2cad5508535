"""Reads what a study says of columns: its own, conditions on points, objectives."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from simastra.config.messages import show, show_key
from simastra.suggestions import unknown_name

from .expressions import ExpressionError, StudyExpression
from .measured import ALIASES, MEASURED, RESERVED, TEXTS
from .mistakes import Mistakes
from .names import NPUS, NameKind, Names, UnknownNameError
from .objectives import Goal, Objective

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read_columns(
    written: Mapping[str, object], axes: Collection[str], mistakes: Mistakes
) -> dict[str, StudyExpression]:
    """Expressions by name, those that are right."""
    columns = {}
    for name, text in written.items():
        with mistakes.telling(_column_key(name)):
            if not _NAME.fullmatch(str(name)):
                raise ExpressionError("must be called by letters, digits and underscores")
            if name in RESERVED:
                raise ExpressionError("is a column that every row has; choose another name")
            if name in axes:
                raise ExpressionError("is an axis; choose another name")
            columns[str(name)] = _expression(text)
    return columns


def check_columns(columns: Mapping[str, StudyExpression], names: Names, mistakes: Mistakes) -> None:
    """Find names that stand for nothing, and columns that are computed from themselves."""
    for name, expression in columns.items():
        with mistakes.telling(_column_key(name)):
            _check_names(expression, names)
            _check_circle(name, columns, names)


def read_conditions(
    texts: Sequence[str], names: Names, columns: Collection[str], mistakes: Mistakes
) -> tuple[StudyExpression, ...]:
    """Conditions, those that are right: of what is known of a point without columns."""
    conditions = []
    for at, text in enumerate(texts):
        with mistakes.telling(f"where[{at}]"):
            condition = _expression(text)
            try:
                _check_names(condition, names)
            except UnknownNameError:
                _check_columns_out(condition, {*MEASURED, *columns} - {NPUS})
                raise
            conditions.append(condition)
    return tuple(conditions)


def _check_columns_out(condition: StudyExpression, columns: Collection[str]) -> None:
    for name in sorted(condition.names & set(columns)):
        raise ExpressionError(
            f"asks for the column {name}; conditions choose points before they have columns, "
            "by axes and inputs"
        ) from None


def read_objectives(
    written: Mapping[str, object], columns: Collection[str], mistakes: Mistakes
) -> Iterator[Objective]:
    """Objectives, those that are right."""
    known = tuple(it for it in (*ALIASES, *MEASURED, *columns) if it not in TEXTS)
    seen = set()
    for name, goal in written.items():
        key = f"objectives.{show_key(name)}"
        column = ALIASES.get(str(name), str(name))
        if column in TEXTS:
            mistakes.add(key, "is a column of texts; an objective is a number")
        elif column not in known:
            mistakes.add(key, unknown_name("column", str(name), known))
        elif column in seen:
            mistakes.add(key, f"is {column} again; give it one goal")
        elif goal not in tuple(Goal):
            mistakes.add(key, f"must be min or max, not {show(goal)}")
        else:
            seen.add(column)
            yield Objective(column, Goal(str(goal)))


def _column_key(name: object) -> str:
    return f"columns.{show_key(name)}"


def _expression(text: object) -> StudyExpression:
    if isinstance(text, int | float) and not isinstance(text, bool):
        return StudyExpression.parse(repr(text))
    if not isinstance(text, str):
        raise ExpressionError(f"must be an expression, not {show(text)}")
    return StudyExpression.parse(text)


def _check_names(expression: StudyExpression, names: Names) -> None:
    for name in sorted(expression.names):
        names.meaning(name)
    if not expression.names:
        expression.value(str)  # it may have no value, and then has none at any point


def _check_circle(name: str, columns: Mapping[str, StudyExpression], names: Names) -> None:
    seen: set[str] = set()
    ahead = [name]
    while ahead:
        for asked in columns[ahead.pop()].names:
            meaning = names.meaning(asked)
            if meaning.kind is not NameKind.COLUMN or meaning.name not in columns:
                continue
            if meaning.name == name:
                raise ExpressionError("is computed from itself")
            if meaning.name not in seen:
                seen.add(meaning.name)
                ahead.append(meaning.name)
