"""Columns that every row has beside its axes, by their names."""

MEASURED = (
    "makespan_ns",
    "npus",
    "compute_ns",
    "exposed_communication_ns",
    "remote_memory_ns",
    "idle_ns",
    "bound_ns",
    "bound_limit",
    "slack_ns",
    "memory_per_npu",
    "mfu",
    "tokens_per_s",
    "shortcut",
    "wall_s",
)
"""In the order of the table."""

TEXTS = ("bound_limit", "shortcut")
"""Those that are no numbers."""

RESERVED = frozenset({*MEASURED, "number", "point", "status", "error", "version"})
"""Names that no axis can have, nor a column of the study."""

ALIASES = {"makespan": "makespan_ns"}
"""Other names that an objective may have."""
