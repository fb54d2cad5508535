"""All files of a command, looked at before it begins: no output replaces an input or another one.

Nor the file that a shell leads stdout or stderr to: what is said would go to the file that was
there before, which has no name any more.

Every verb gets this: `dispatch` asks it of the command line. What else a simulation reads and
writes, its files say; the verbs ask again when these have been read.
"""

import argparse
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from simastra import writing

from .input_paths import InputPath
from .outputs import Output

_STREAMS = {"/dev/stdout": "standard output", "/dev/stderr": "standard error"}
"""What the system calls the files that this process's streams lead to, and what people do."""


def check_files(
    arguments: argparse.Namespace,
    *,
    inputs: Iterable[Path | str] = (),
    outputs: Sequence[Output] = (),
) -> None:
    """Refuse outputs that can't be written, or would replace an input, a stream or another output.

    Args:
        arguments: of the command line.
        inputs: further files that are read.
        outputs: further things that are written.

    Raises:
        InputError: it names the option, or the key, of the output.
    """
    values = vars(arguments).values()
    written = [*(it for it in values if isinstance(it, Output)), *outputs]
    if not written:
        return
    words = chain.from_iterable(it if isinstance(it, list) else [it] for it in values)
    named = [file for it in words if isinstance(it, InputPath) for file in it.files()]
    _refuse_replacing_inputs(written, [*named, *inputs])
    _refuse_replacing_streams(written)
    _refuse_replacing_each_other(written)
    for output in written:
        output.check()


def _refuse_replacing_inputs(outputs: Sequence[Output], inputs: Sequence[Path | str]) -> None:
    for output in outputs:
        clash = writing.input_replaced(output.files(), inputs)
        if clash is not None:
            raise output.refusal(f"{clash} is an input; name another {output.kind}")


def _refuse_replacing_streams(outputs: Sequence[Output]) -> None:
    for output in outputs:
        if writing.input_replaced(output.files(), _STREAMS) is None:
            continue
        for stream, name in _STREAMS.items():
            clash = writing.input_replaced(output.files(), [stream])
            if clash is not None:
                raise output.refusal(f"{clash} is where {name} goes; name another {output.kind}")


def _refuse_replacing_each_other(outputs: Sequence[Output]) -> None:
    clash = writing.output_replaced(output.files() for output in outputs)
    if clash is not None:
        first, second = outputs[clash.first], outputs[clash.second]
        raise second.refusal(
            f"{clash.path} is what {first.label} names, too; name another {second.kind}"
        )
