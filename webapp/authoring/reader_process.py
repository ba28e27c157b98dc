"""Reads banks for a web server, one after the other, until its input ends; started and ended by `reading`.

Each reading may use so much processor time and so much memory; beyond that the kernel ends this process.
"""

from __future__ import annotations

import json
import resource
import struct
import sys
from math import ceil
from typing import BinaryIO

HEAD = struct.Struct("!Q")


def serve(source: BinaryIO, sink: BinaryIO, cpu_seconds: int, memory_bytes: int) -> None:
    """Answer each request, a JSON object with `files` and `name`, with a `Bank` as `banks_as_json` has it."""
    from questions import parse_files
    from webapp.authoring.banks_as_json import to_json

    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while len(head := source.read(HEAD.size)) == HEAD.size:
        asked = json.loads(source.read(HEAD.unpack(head)[0]))
        used = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(resource.RLIMIT_CPU, (ceil(used.ru_utime + used.ru_stime) + cpu_seconds, -1))
        answer = json.dumps(to_json(parse_files(asked["files"], asked["name"]))).encode()
        sink.write(HEAD.pack(len(answer)) + answer)
        sink.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]), int(sys.argv[2]))
