"""How things are shown: shapes without a meaning, which know nothing of what simastra simulates.

table      a table of plain values; as aligned text and as CSV
terminal   the same as rich draws it
html       the same in HTML, and HTML and SVG at large
blocks     texts and tables one below the other
human      times and sizes in units that people read
outcome    what a run came to, in a few lines
phrases    ranges, and what is said of what is left out
devices    what a network's devices are called; ends: of messages
network    where a network's devices and links are drawn
bars       who did what when, in rows of bars
alike      what is alike, shown once

Which colour or letter stands for what is in `simastra.palette`, above the enums that it colours.
"""
