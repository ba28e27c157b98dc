"""A candidate that does what it is told: Python source in, one line with the `repr` of its `r` or of the error out."""

import os
import types

import sandbox.lines  # noqa: F401  - what candidates have loaded before the jail closes


def serve(fd: int) -> None:
    while source := os.read(fd, 1 << 16):
        module = types.ModuleType("told")
        module.__dict__.update(os=os, fd=fd, r=None)
        try:
            exec(compile(source, "<told>", "exec"), module.__dict__)
            reply = repr(module.__dict__["r"])
        except BaseException as error:
            reply = f"{type(error).__name__}: {error}"
        os.write(fd, reply.encode(errors="replace")[:60_000] + b"\n")
