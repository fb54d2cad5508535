"""The pages that list verbs: the first one, and that of a verb with verbs of its own."""

from collections.abc import Mapping

from .command import Command, CommandGroup


def first_page(commands: Mapping[str, Command | CommandGroup]) -> str:
    """What ``simastra --help`` prints."""
    return (
        "usage: simastra COMMAND [options]\n\n"
        "Simulates distributed machine learning, with ASTRA-sim's cycles.\n\n"
        f"commands:\n{_listed(commands)}\n\n"
        "'simastra COMMAND --help' explains a command; 'simastra --version' says which this is."
    )


def group_page(name: str, group: CommandGroup) -> str:
    """What ``--help`` prints behind a verb whose next word is a verb of its own."""
    return (
        f"usage: simastra {name} {group.kind.upper()} [options]\n\n{group.description}\n\n"
        f"  simastra {name} {group.example}\n\n"
        f"{group.kind}s:\n{_listed(group.commands)}\n\n"
        f"'simastra {name} {group.kind.upper()} --help' explains one."
    )


def _listed(commands: Mapping[str, Command] | Mapping[str, Command | CommandGroup]) -> str:
    width = max(map(len, commands))
    return "\n".join(f"  {name:{width}}  {command.summary}" for name, command in commands.items())
