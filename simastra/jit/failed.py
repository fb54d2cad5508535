"""What a function that has failed comes to."""


class CallFailedError(Exception):
    """The function has raised something; what, it notes elsewhere."""
