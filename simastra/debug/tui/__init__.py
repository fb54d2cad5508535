"""The debugger's full screen, ``simastra debug --tui``: panes above, the prompt below.

full_screen   opens it; needs Textual (the extra `debug`)
contents      what the panes show, as texts and tables
app           the screen itself: keys, commands, what is drawn when
widgets       a pane, and the line for commands
"""

from .full_screen import check_full_screen, open_full_screen

__all__ = ["check_full_screen", "open_full_screen"]
