"""The converter's front: a text workload and options in, the traces of all NPUs out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

from simastra.errors import TraceError
from simastra.notices import Notice
from simastra.trace import Node, Trace
from simastra.trace.files import GROUPS_ENDING, other_form, trace_path, write_set
from simastra.trace.framing import split_records
from simastra.units import NpuId
from simastra.writing import input_replaced

from .check import check_workload
from .encode import encode, encode_in_groups, nodes_as_chakra, nodes_as_meant
from .layout import GroupLayout, WorkloadAxis, layout_of
from .notices import notices_of
from .options import TextOptions
from .parse import parse_workload, read_workload
from .step_graph import LayerStep, StepGraph
from .strategies import STRATEGIES
from .text_error import TextError
from .workload import TextWorkload


@dataclass(frozen=True)
class TextConversion:
    """A converted text workload.

    Attributes:
        workload: what was converted.
        options: how.
        steps: the nodes of any NPU, without their ids.
        notices: what is doubtful.
        layout: process groups, of a text in SimAI's form.
    """

    workload: TextWorkload
    options: TextOptions
    steps: tuple[LayerStep, ...]
    notices: tuple[Notice, ...]
    layout: GroupLayout | None = None

    @property
    def groups(self) -> dict[str, list[NpuId]]:
        """Members of the process groups by number, for a communicator-group file."""
        return {} if self.layout is None else self.layout.groups

    def nodes(self, npu: NpuId) -> tuple[Node, ...]:
        """The nodes of one NPU; in our own dialect NPUs in the same groups share theirs."""
        if not self.options.dialect.as_meant:
            return nodes_as_chakra(self.steps, npu, self.options.dialect)
        if self.layout is None:
            return self._nodes_of_all
        return nodes_as_meant(self.steps, self.layout.numbers(npu))

    def trace(self) -> Trace:
        """The nodes of all NPUs, for a simulation without files."""
        return Trace.of([self.nodes(npu) for npu in range(self.options.npus)])

    def encoded(self, npu: NpuId) -> bytes:
        """The content of one NPU's trace file."""
        if self.options.dialect.as_meant:
            if self.layout is None:
                return self._encoded_for_all
            return encode_in_groups(self._records, self.steps, self.layout.numbers(npu))
        return encode(self.nodes(npu), self.workload, self.options.dialect)

    def write(self, prefix: Path | str) -> list[Path]:
        """Write ``<prefix>.<npu>.et`` for every NPU, all or none, and return their paths.

        Process groups, if there are any, are written with them, to ``<prefix>.groups.json``.

        Raises:
            TraceError: a file can't be written, or is the text itself.
        """
        npus = range(self.options.npus)
        paths = (trace_path(prefix, npu) for npu in npus)
        groups = [Path(f"{prefix}{GROUPS_ENDING}")] if self.groups else []
        clash = input_replaced(chain(paths, groups), [self.workload.source])
        if clash is not None:
            raise TraceError("it is the input; name another prefix", source=clash)
        traces = ((trace_path(prefix, npu), self.encoded(npu)) for npu in npus)
        files = chain(traces, self._groups_file(prefix))
        return write_set(files, gone=other_form(prefix))[: self.options.npus]

    def _groups_file(self, prefix: Path | str) -> Iterator[tuple[Path, bytes]]:
        if self.groups:
            document = json.dumps(self.groups, indent=1) + "\n"
            yield Path(f"{prefix}{GROUPS_ENDING}"), document.encode()

    @cached_property
    def _nodes_of_all(self) -> tuple[Node, ...]:
        return nodes_as_meant(self.steps)

    @cached_property
    def _records(self) -> tuple[bytes, ...]:
        nobody: dict[WorkloadAxis, int | None] = dict.fromkeys(WorkloadAxis)
        nodes = nodes_as_meant(self.steps, nobody)
        data = encode(nodes, self.workload, self.options.dialect)
        return tuple(record.payload for record in split_records(data, self.workload.source))

    @cached_property
    def _encoded_for_all(self) -> bytes:
        return encode(self._nodes_of_all, self.workload, self.options.dialect)


def convert_text_file(path: Path | str, options: TextOptions) -> TextConversion:
    """Convert a file.

    Raises:
        InputError: see `convert_text`, or the file can't be read.
    """
    return convert_workload(read_workload(path), options)


def convert_text(text: str, source: Path | str, options: TextOptions) -> TextConversion:
    """Convert a text workload of ASTRA-sim 1.0's format.

    Args:
        text: a file's content.
        source: what messages call it; the file's name.
        options: how to convert.

    Raises:
        TextError: the text is wrong, or the dialect doesn't take it.
        OptionError: it makes too many nodes.
    """
    return convert_workload(parse_workload(text, source), options)


def convert_workload(workload: TextWorkload, options: TextOptions) -> TextConversion:
    """Convert what was read from a file; for the rest, see `convert_text`."""
    check_workload(workload, options.dialect)
    layout = layout_of(workload, options)
    graph = StepGraph(options, workload.source, layout)
    graph.expect(options.passes * len(workload.layers))
    STRATEGIES[workload.header.strategy](workload, graph)
    if not graph.steps:
        raise TextError(
            f"nothing is left to do: {workload.header.strategy} makes nodes of collectives only, "
            "and there are none; name one in place of NONE",
            source=workload.source,
        )
    notices = notices_of(workload, graph)
    return TextConversion(workload, options, tuple(graph.steps), notices, layout)
