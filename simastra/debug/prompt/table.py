"""All commands of the prompt. To add one: a `PromptCommand` in one of the files, in its tuple."""

from .command import PromptCommand
from .looking import LOOKING
from .moving import MOVING
from .stopping import STOPPING
from .talking import TALKING

COMMANDS: tuple[PromptCommand, ...] = (*MOVING, *STOPPING, *LOOKING, *TALKING)
"""In the order in which the help lists them."""

BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}
"""By each of their names."""

NAMES = tuple(command.name for command in COMMANDS)
"""In full."""
