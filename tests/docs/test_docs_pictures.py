"""Every picture is made by a command, and is what the command makes today."""

import re
import subprocess
import sys
from pathlib import Path

from tests.support.examples import PAGES, ROOT

PICTURES = ROOT / "docs" / "pictures"


def test_the_command_makes_the_committed_pictures_byte_for_byte(tmp_path: Path) -> None:
    words = [sys.executable, str(PICTURES / "make.py"), str(tmp_path)]
    subprocess.run(words, check=True, capture_output=True)
    made = {it.name: it.read_bytes() for it in tmp_path.iterdir()}
    assert made
    assert made == {it.name: it.read_bytes() for it in PICTURES.glob("*.svg")}


def test_every_picture_is_shown_somewhere_and_says_what_there_is_to_see() -> None:
    shown = {
        (page.parent / link).resolve(): words
        for page in PAGES
        for words, link in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page.read_text())
    }
    assert all(len(words) > 15 for words in shown.values())
    assert set(PICTURES.glob("*.svg")) <= set(shown)
