"""A server of the Debug Adapter Protocol: editors step through simulations as the prompt does.

Threads are NPUs; frames ET nodes, with the collective, phase and messages in them; sources the
traces as texts. All that is shown and set is the prompt's (`simastra.debug.prompt`).

serving      at stdio or a port; adapter: answers one client's requests, in their order
framing      messages as bytes; messages: as requests; inbox: those that wait; client: what is sent
requests     all requests; handler: what each is to the adapter; arguments: what it takes
lifecycle, move_requests, breakpoint_requests, look_requests, evaluation_requests    theirs
conversation what is between a client and the adapter; debuggee: what is debugged, launched: by what
moves        how far a move goes; motion: carries it out; watching: lets it stop between two events
points       breakpoints as clients set them
moment       what can be asked about at a stop; stack, scopes, values: frames and what is in them
traces       traces as texts
"""

from .framing import JsonObject
from .launched import Launch, Launched
from .messages import RequestError
from .serving import serve_port, serve_stdio
from .traces import MIME_TYPE

__all__ = [
    "MIME_TYPE",
    "JsonObject",
    "Launch",
    "Launched",
    "RequestError",
    "serve_port",
    "serve_stdio",
]
