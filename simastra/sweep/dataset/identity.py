"""What a data set is of, and the file that says it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from simastra.errors import ConfigError
from simastra.sweep.digest import digest_of
from simastra.version import version

IDENTITY_FILE = "sweep.json"
"""The file that says it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a data set is of.

    Attributes:
        document: the study, as `Study.document` gives it.
        digest: of the study without its axes' values.
        prunes: whether points that can't be on the front are left out.
    """

    document: Mapping[str, Any]
    digest: str
    prunes: bool = False

    @property
    def revision(self) -> str:
        """Digest of which points there are, too: another one is of the study as it was before."""
        compared = ("for-each",) if self.prunes else ()
        points = {key: self.document.get(key) for key in ("axes", "where", "mode", *compared)}
        return digest_of([points, self.digest, self.prunes])

    def content(self) -> bytes:
        """Of the file that says it."""
        said = {
            "simastra": version(),
            "digest": self.digest,
            "prunes": self.prunes,
            "study": self.document,
        }
        return (json.dumps(said, indent=1) + "\n").encode()

    @classmethod
    def read(cls, folder: Path) -> Self:
        """What the data set in a folder is of.

        Raises:
            ConfigError: there is none, or its file is no such file.
        """
        path = folder / IDENTITY_FILE
        try:
            said = json.loads(path.read_bytes())
            axis_names(said["study"])  # which raises, if it is no study
            return cls(said["study"], said["digest"], said["prunes"])
        except FileNotFoundError:
            problem = f"there is no {IDENTITY_FILE} in it: it is no directory of a sweep"
            raise ConfigError(problem, source=folder) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            problem = f"it isn't what a sweep writes: {error}; name another directory"
            raise ConfigError(problem, source=path) from None


def axis_names(document: Mapping[str, Any]) -> list[str]:
    """The names of a study's axes, of its document."""
    return [it["name"] for it in document["axes"]]
