"""What to say where a scenario asks for what a part can't do."""

from simastra.network import Backend
from simastra.simulation.tables import Tables


def changing_backends(tables: Tables) -> str:
    """The network backends whose links can change, as advice."""
    backends = {name: Backend.of(entry) for name, entry in tables.backends.items()}
    known = [name for name, entry in backends.items() if entry.changing is not None]
    return f"use {' or '.join(known)}" if known else "leave them out"
