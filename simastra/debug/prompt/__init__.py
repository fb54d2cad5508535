"""The debugger's prompt, in pdb's manner: everything about it but the command line's options.

session     what the commands act upon
command     what a command is; commands: all of them, and carrying out a line
move_commands, break_commands, inspect_commands   theirs
arguments   what follows a command; breakpoint_syntax: where to stop
expression  what is typed there; syntax, evaluation: what one may say, and its value
screen      where texts and tables are shown
terminal    line editing, history, completion and Ctrl-C; completion
script      commands that were written before
entry       debug(): the prompt from a Python program
"""

from .entry import debug
from .screen import Screen
from .script import run_script
from .session import Session
from .terminal import run_prompt

__all__ = ["Screen", "Session", "debug", "run_prompt", "run_script"]
