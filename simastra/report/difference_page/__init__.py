"""Two runs compared as one HTML file that needs nothing else: no network, no other file.

contents   what is on the page, as data
document   all of it together with the pages' style and script
waterfall  from A's makespan to B's, cause by cause
lanes      what NPUs did in both runs, and the critical paths, as bars
strips     such bars, drawn one above the other in one scale
tables     the tables, for everybody to read
"""

from .contents import DifferenceContents
from .document import html_difference

__all__ = ["DifferenceContents", "html_difference"]
