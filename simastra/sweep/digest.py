"""Digests by which studies, points and their inputs are known."""

import hashlib
import json
from typing import Final

DIGITS: Final = 16
"""Hexadecimal digits of a digest: among a billion points, two alike are one in 30."""


def digest_of(document: object) -> str:
    """Of what JSON has: the same for the same content, whatever its order of keys."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
