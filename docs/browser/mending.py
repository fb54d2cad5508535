"""What JupyterLite 0.8 gets wrong with our files, put right in the built site."""

import json
from pathlib import Path

from .wheels import BuildError

# It takes host.0.json.gz for JSON, by this test of names and by the types in its listings.
_TAKEN_FOR_JSON = r"/\.(ipynb|[^/]*json[^/]*)$/"
_IS_JSON = r"/\.(ipynb|json)$/"


def let_compressed_files_be_read(site: Path) -> None:
    """Have compressed JSON served as it is, instead of failing as JSON that isn't any.

    Raises:
        BuildError: JupyterLite tests names otherwise by now.
    """
    mended = 0
    for script in (site / "build").glob("*.js"):
        text = script.read_text(encoding="utf-8")
        if _TAKEN_FOR_JSON in text:
            script.write_text(text.replace(_TAKEN_FOR_JSON, _IS_JSON), encoding="utf-8")
            mended += 1
    if not mended:
        raise BuildError("JupyterLite has another test for JSON now: see docs/browser/mending.py")
    for listing in (site / "api" / "contents").rglob("all.json"):
        content = json.loads(listing.read_text(encoding="utf-8"))
        for entry in content["content"]:
            if entry["name"].endswith(".gz"):
                entry["mimetype"] = "application/gzip"
        listing.write_text(json.dumps(content), encoding="utf-8")
