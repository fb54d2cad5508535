"""A simulation as a moving picture: messages on the links of its topology, NPUs that fill up.

film      what moves, where and when: data
picture   the devices and links on which it moves, as SVG
payloads  what messages carry
page      both and a player, as HTML
animate   the way in

Nothing needs matplotlib, and the HTML needs no network: it plays in Jupyter, and in any browser.
"""

from .animate import Animation, animate

__all__ = ["Animation", "animate"]
