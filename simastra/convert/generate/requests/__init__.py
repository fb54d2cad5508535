"""What generators are asked for: the options of ``simastra generate``, said once.

A command line makes a request of its words, and a study of its key ``generate`` (docs/sweeps.md).

base         what all have in common, and what comes of them
collective, pipeline, memory, transformer    a request for each kind
fields       types of their fields
table        kinds by name
"""

# The kinds are deliberately absent, and their table: each loads a generator. Import them by their
# own names.
from .base import GeneratedTrace, GenerateRequest, checked_npus

__all__ = ["GenerateRequest", "GeneratedTrace", "checked_npus"]
