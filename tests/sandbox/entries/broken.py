"""A server whose jail has a step that never works."""

from sandbox import jail


def _failing(prepared):
    raise OSError(95, "no Landlock today")


jail._restrict_files = _failing


def serve(fd: int) -> None:
    import os

    os.write(fd, b"served unconfined")
