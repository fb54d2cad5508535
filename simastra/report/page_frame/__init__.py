"""What the pages of reports and sweeps have in common; each is a file that loads nothing.

frame         the head, the sections, and a page with scripts around them
page_table    a table that its script draws
frame.css     colours on a light and a dark ground, and how everything common looks
scripts/*.js  words, colours, elements; tables; themes: light, dark, paper
"""

from .frame import PageSection, drawn_section, frame_style, links_to, page_head, scripted_page

__all__ = [
    "PageSection",
    "drawn_section",
    "frame_style",
    "links_to",
    "page_head",
    "scripted_page",
]
