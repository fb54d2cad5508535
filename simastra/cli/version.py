"""Which simastra this is."""


def version() -> str:
    """The version that is installed."""
    # Loaded here because it takes a tenth of the start-up time, and few commands want it.
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return version("simastra")
    except PackageNotFoundError:  # run from a folder of sources
        return "(not installed)"
