"""What is wrong with what the debugger was asked to do."""

from simastra.errors import InputError


class CommandError(InputError):
    """A debugger's command, breakpoint or argument is wrong. The message says what is right."""
