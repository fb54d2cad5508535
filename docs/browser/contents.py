"""What the course consists of, laid out as in a checkout: notebooks find traces by their paths."""

import shutil
import subprocess
from pathlib import Path

# Folders and the files of them that a reader opens, or a notebook reads.
PARTS = (
    ("notebooks", "*.ipynb"),
    ("notebooks", "README.md"),
    ("traces", "**/*"),
    ("docs", "*.md"),
    ("docs/networks", "*"),
    ("docs", "**/*.svg"),
)


def copy_contents(root: Path, folder: Path) -> list[Path]:
    """Copy the course in the checkout at `root` to `folder`; return the paths, relative to both."""
    copied = []
    for part in course_files(root):
        target = folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / part, target)
        copied.append(part)
    return copied


def course_files(root: Path) -> list[Path]:
    """The files of the course; what git doesn't keep is none of it."""
    kept = _kept(root)
    found = {
        path.relative_to(root)
        for part, pattern in PARTS
        for path in (root / part).glob(pattern)
        if path.is_file()
    }
    return sorted(found if kept is None else found & kept)


def _kept(root: Path) -> set[Path] | None:
    """Files that git keeps, or will; None where there is no git, as in a source distribution."""
    words = ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(words, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        return None
    return {Path(name) for name in listed.split("\0") if name}
