"""Tables of symbolic tensors: CSV files with a row for each tensor (docs/chakra.md 3.1).

Columns, of which only id and op_type must be there:

=====================  ===========================================================================
id                     the tensor's name
require_grads          Y or N. For a tensor of type T: Y makes it a weight. For others, stop: no
                       gradient flows back through it
x1, x2, ...            ids of the inputs
op_type                T, M, A, E, I, L, R or CUSTOM (see `OperatorType`); E2 is E
op_attr                an einsum, or operations; a second number behind a ``;`` is for the
                       backward pass. For a tensor of type T, data: it has no gradient
x1_shape, x1_hidden    layout in which the operator wants x1, and so on; left out: as the input is.
                       For a tensor of type T: its own layout
y_shape                shape of the output of an R or a CUSTOM
work                   attention: what its operations count as, in sums of them
bytes                  of an element; left out, ParameterBytes for weights, else ActivationBytes
grad_of                the tensor is the gradient of that one: the table brings its own backward
=====================  ===========================================================================
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from simastra.file_content import ContentError, whole_text
from simastra.suggestions import unknown_name

from .layout import Layout
from .operators import output_layout
from .symbols import SymbolicExpression
from .table_error import TableError
from .tensors import OperatorType, Role, Tensor, TensorGraph, TensorOperator, Use, Work

_SPELLINGS = {"E2": OperatorType.ELEMENTWISE, "reshape": OperatorType.RESHAPE}
_LARGEST_TABLE = 1024 * 1024
_MOST_ROWS = 2000


def read_table(path: Path | str) -> TensorGraph:
    """Read a table.

    Raises:
        TableError: the file can't be read, or a row makes no sense.
    """
    try:
        text = whole_text(path, _LARGEST_TABLE, "a CSV table of tensors is wanted")
    except ContentError as error:
        raise TableError(f"{error}", source=path) from None
    return parse_table(text, path)


def parse_table(text: str, source: Path | str) -> TensorGraph:
    """Make a graph of a table's text.

    Raises:
        TableError: a row makes no sense.
    """
    try:
        reader = csv.DictReader(io.StringIO(text), strict=True)
        rows = [{key: (value or "").strip() for key, value in row.items() if key} for row in reader]
        headings = reader.fieldnames or ()
    except csv.Error as error:
        raise TableError(f"isn't a CSV table: {error}", source=source) from None
    for heading in ("id", "op_type"):
        if heading not in headings:
            raise TableError(f"has no column {heading!r}", source=source)
    filled = [row for row in rows if any(row.values())]
    if len(filled) > _MOST_ROWS:
        raise TableError(f"has {len(filled)} rows; at most {_MOST_ROWS} are wanted", source=source)
    return _Reading(str(source)).graph(filled)


class _Reading:
    """A table being read.

    Args:
        source: what messages call it.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._tensors: dict[str, Tensor] = {}
        self._operators: list[TensorOperator] = []

    def graph(self, rows: Sequence[Mapping[str, str]]) -> TensorGraph:
        """The graph of these rows, in whatever order they stand."""
        for row in self._sorted(rows):
            try:
                self._add(row)
            except ValueError as error:
                raise self._error(str(error), row) from None
        used = {use.tensor.id for operator in self._operators for use in operator.inputs}
        results = tuple(
            Use(tensor, tensor.layout)
            for operator in self._operators
            for tensor in operator.outputs
            if tensor.id not in used
        )
        return TensorGraph(self._source, self._tensors, tuple(self._operators), results)

    def _sorted(self, rows: Sequence[Mapping[str, str]]) -> Iterable[Mapping[str, str]]:
        """The rows with inputs before what uses them."""
        names = [row["id"] for row in rows]
        for name, row in zip(names, rows, strict=True):
            if not name:
                raise self._error("a row has no id", row)
            if names.count(name) > 1:
                raise self._error("two rows have this id", row)
        waiting, done, ordered = list(rows), set[str](), list[Mapping[str, str]]()
        while waiting:
            ready = [row for row in waiting if done.issuperset(_inputs(row))]
            if not ready:
                raise self._unsorted(waiting[0], names)
            # One at a time, so that the table's own order stays wherever it can.
            done.add(ready[0]["id"])
            ordered.append(ready[0])
            waiting.remove(ready[0])
        return ordered

    def _unsorted(self, row: Mapping[str, str], names: Sequence[str]) -> TableError:
        for name in _inputs(row):
            if name not in names:
                return self._error(unknown_name("tensor", name, names), row)
        return self._error("depends on itself, through its inputs", row)

    def _add(self, row: Mapping[str, str]) -> None:
        kind = self._kind(row)
        if kind is OperatorType.TENSOR:
            self._add_tensor(row)
            return
        uses = tuple(
            Use(self._tensors[name], self._wanted(row, number, name, kind))
            for number, name in enumerate(_inputs(row), 1)
        )
        attribute = row.get("op_attr", "")
        shape = Layout.parse(row["y_shape"]) if row.get("y_shape") else None
        layout = output_layout(kind, attribute, [use.layout for use in uses], shape)
        tensor = Tensor(
            row["id"],
            layout,
            Role.GRADIENT if row.get("grad_of") else Role.ACTIVATION,
            row.get("require_grads") != "stop" and any(use.tensor.requires_grad for use in uses),
            _bytes(row, "ActivationBytes"),
        )
        self._tensors[tensor.id] = tensor
        work = _work(kind, row)
        self._operators.append(TensorOperator(tensor.id, kind, attribute, uses, (tensor,), work))

    def _add_tensor(self, row: Mapping[str, str]) -> None:
        layout = Layout.parse(row.get("x1_shape", ""), row.get("x1_hidden", ""))
        is_weight = row.get("require_grads", "").upper() == "Y"
        role = Role.WEIGHT if is_weight else Role.INPUT
        if row.get("grad_of"):
            role = Role.GRADIENT
        unit = "ParameterBytes" if is_weight else "ActivationBytes"
        # Ids and such have no gradient: a table says so with the attribute "data".
        requires_grad = row.get("op_attr") != "data"
        self._tensors[row["id"]] = Tensor(row["id"], layout, role, requires_grad, _bytes(row, unit))

    def _wanted(self, row: Mapping[str, str], number: int, name: str, kind: OperatorType) -> Layout:
        shape, hidden = row.get(f"x{number}_shape", ""), row.get(f"x{number}_hidden", "")
        if not shape:
            return self._tensors[name].layout
        layout = Layout.parse(shape, hidden)
        have = self._tensors[name].layout
        if have.extents != layout.extents:
            raise ValueError(f"x{number}_shape is {layout}, but {name!r} is {have}")
        return layout

    def _kind(self, row: Mapping[str, str]) -> OperatorType:
        name = row.get("op_type", "")
        if name in _SPELLINGS:
            return _SPELLINGS[name]
        known = {kind.value: kind for kind in OperatorType}
        if name not in known:
            raise ValueError(unknown_name("op_type", name, known))
        return known[name]

    def _error(self, problem: str, row: Mapping[str, str]) -> TableError:
        return TableError(problem, source=self._source, tensor=row.get("id") or None)


def _inputs(row: Mapping[str, str]) -> list[str]:
    names = []
    number = 1
    while row.get(f"x{number}"):
        names.append(row[f"x{number}"])
        number += 1
    return names


def _bytes(row: Mapping[str, str], default: str) -> SymbolicExpression:
    return SymbolicExpression.parse(row.get("bytes") or default)


def _work(kind: OperatorType, row: Mapping[str, str]) -> Work:
    if kind is OperatorType.EINSUM and len(_inputs(row)) > 1:
        return Work.MATMUL
    return Work.ATTENTION if row.get("work") == Work.ATTENTION else Work.ELEMENTWISE
