"""The debugger's prompt, in pdb's manner: everything about it but the command line's options.

session     what the commands act upon
command     what a command is; commands: all of them, and carrying out a line
move_commands, break_commands, breakpoint_commands, inspect_commands, list_commands,
display_commands, file_commands    theirs
grammar     what may follow a command: parsed, completed and shown in help by the same parts
combinations    choices of its parts, what may be left out, repetitions
reader      a line, word by word; completion: what its last word can be completed to
slots, node_slots, expression_slot    what commands take; arguments: numbers and times
breakpoint_syntax    where to stop
expression  what is typed there; syntax, evaluation: what one may say, and its value
screen      where texts and tables are shown
terminal    lines asked for, and Ctrl-C
line_editor    how they are typed; toolkit, readline_editing: by which means; history: of before
script      commands that were written before
entry       debug(): the prompt from a Python program
"""

from .entry import debug
from .screen import Screen
from .script import run_script
from .session import Session
from .terminal import run_prompt

__all__ = ["Screen", "Session", "debug", "run_prompt", "run_script"]
