"""The debugger's prompt, in pdb's manner: everything about it but the command line's options.

session     carries out lines of commands: moving, stopping, looking, talking have the commands
command     what a command is; table: all of them
words       what follows a command; places: where to stop; expression: what is typed there;
            syntax, evaluation: what one may say, and its value
views       states as texts and tables; page: how these are drawn
terminal    line editing, history, completion and Ctrl-C; completion
script      commands that were written before
opening     debug(): the prompt from a Python program
"""

from .opening import debug
from .page import Screen
from .script import run_script
from .session import Session
from .terminal import run_prompt

__all__ = ["Screen", "Session", "debug", "run_prompt", "run_script"]
