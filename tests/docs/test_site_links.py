"""The checker of links: what it finds broken, and what it leaves alone."""

from pathlib import Path

import pytest

from docs.site.docstrings import as_markdown
from docs.site.links import wrong_links
from docs.site.outside import outside_pages, with_links
from docs.site.prose import inline, paragraphs, sentence


def site(folder: Path, **pages: str) -> Path:
    for name, body in pages.items():
        path = folder / f"{name}.html"
        path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("link", "wrong"),
    [
        ("b.html", ""),
        ("b.html#here", ""),
        ("#", ""),
        ("/b.html", ""),
        ("https://example.org/gone", ""),
        ("mailto:a@example.org", ""),
        ("c.html", "no such file"),
        ("b.html#there", "no such place in that page"),
        ("#there", "no such place in that page"),
        ("../b.html", "leads out of the site"),
    ],
)
def test_a_link_leads_to_a_file_and_to_a_place_in_it(link: str, wrong: str, tmp_path: Path) -> None:
    folder = site(tmp_path, a=f'<a href="{link}">x</a>', b='<h1 id="here">b</h1>')
    assert wrong_links(folder) == ([f"a.html: {link}: {wrong}"] if wrong else [])


def test_scripts_styles_and_pictures_of_other_hosts_are_told_and_links_are_not(
    tmp_path: Path,
) -> None:
    body = (
        '<script src="https://cdn.example/x.js"></script><link rel="stylesheet" href="a.css">'
        '<img src="//cdn.example/p.png"><a href="https://example.org">x</a>'
        '<link rel="canonical" href="https://example.org/a.html">'
    )
    (tmp_path / "a.css").touch()
    assert wrong_links(site(tmp_path, a=body)) == [
        "a.html: https://cdn.example/x.js: is loaded from another host",
        "a.html: //cdn.example/p.png: is loaded from another host",
    ]


@pytest.mark.parametrize(
    ("place", "link", "in_site"),
    [
        ("docs/units.md", "networks.md#routing", "networks.md#routing"),
        ("docs/units.md", "../traces/README.md", "repository/traces/README.md"),
        ("docs/units.md", "../traces", "repository/traces/README.md"),
        ("docs/units.md", "../schemas/system.schema.json", "reference/configuration/system.md"),
        ("docs/units.md", "https://example.org", "https://example.org"),
        ("docs/units.md", "#rounding", "#rounding"),
        ("traces/README.md", "../docs/units.md", "../../units.md"),
        ("CHANGELOG.md", "docs/sweeps.md#the-page", "../sweeps.md#the-page"),
    ],
)
def test_links_out_of_the_documents_lead_to_their_pages(
    place: str, link: str, in_site: str
) -> None:
    assert with_links(f"a [word]({link}) more", place) == f"a [word]({in_site}) more"


def test_what_is_linked_to_is_a_page_and_what_that_links_to() -> None:
    pages = outside_pages({"docs/sweeps.md": "[studies](../simastra/sweep/studies)"})
    assert "repository/simastra/sweep/studies.md" in pages
    assert "```yaml" in pages["repository/simastra/sweep/studies/topology-cost.yml.md"]


def test_plain_text_stays_what_it_is() -> None:
    assert inline("P.<npu>.et, a|b, with --npus") == r"P.&lt;npu&gt;.et, a\|b, with `--npus`"
    assert sentence("all four, or none") == "All four, or none."
    assert sentence("localBWAware does more") == "localBWAware does more."
    assert paragraphs("one\ntwo\n\n  simastra run\n\nthree") == (
        "one two\n\n```sh\nsimastra run\n```\n\nthree"
    )


def test_docstrings_keep_their_doctests_and_tables() -> None:
    text = "A sum of [a] < b.\n\n>>> 1 + 1\n2\n\nx   first\nyy  second"
    assert as_markdown(text) == (
        "A sum of \\[a] &lt; b.\n\n\n```pycon\n>>> 1 + 1\n2\n```\n\n"
        "| part | holds |\n| --- | --- |\n| `x` | first |\n| `yy` | second |"
    )
