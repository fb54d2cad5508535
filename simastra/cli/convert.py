"""``simastra convert``: foreign traces to Chakra ETs, a verb for each kind."""

from types import MappingProxyType

from .command import Command, CommandGroup
from .convert_text import CONVERT_TEXT

CONVERTERS: MappingProxyType[str, Command] = MappingProxyType(
    {
        "text": CONVERT_TEXT,
    }
)
"""The converters by name. To add one: one file ``convert_<name>.py`` with a `Command`, one line."""

CONVERT = CommandGroup(
    summary="convert other tools' traces to execution traces",
    description="Writes PREFIX.<npu>.et, as 'simastra run' reads them, from another tool's files.",
    kind="converter",
    example="text mlp.txt --output mlp --npus 8",
    commands=CONVERTERS,
)
"""The verb."""
