"""Files are written whole or not at all, and sets of files as one.

place         which file a path means, however it is spelled
clash         outputs that would replace inputs, or each other
new_file      content that has no name yet
replacement   one file, or several as one, from the first byte to the last move
folder        a folder in which several files are replaced as one; finishing what was interrupted
posix         whether files can be locked here
own_session   what a kill of this process doesn't stop
check         whether a file could be written, before work is done for it
write_error   what comes out where that fails
"""

from typing import TYPE_CHECKING

from simastra.deferred import deferred_names

from .folder import finish_interrupted
from .place import FilePlace, place
from .write_error import FILE_TROUBLE, WriteError, reason, writing_to

if TYPE_CHECKING:
    from .check import check_replaceable, check_writable
    from .clash import SameFile, input_replaced, output_replaced, refuse_input
    from .replacement import Replacement, replacing, write_file, write_files
else:  # who only reads needn't pay for them
    __getattr__ = deferred_names(
        __name__,
        {
            "check": ("check_replaceable", "check_writable"),
            "clash": ("SameFile", "input_replaced", "output_replaced", "refuse_input"),
            "replacement": ("Replacement", "replacing", "write_file", "write_files"),
        },
    )

__all__ = [
    "FILE_TROUBLE",
    "FilePlace",
    "Replacement",
    "SameFile",
    "WriteError",
    "check_replaceable",
    "check_writable",
    "finish_interrupted",
    "input_replaced",
    "output_replaced",
    "place",
    "reason",
    "refuse_input",
    "replacing",
    "write_file",
    "write_files",
    "writing_to",
]
