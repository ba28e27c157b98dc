"""Start a server of the landlock kind, say where it listens, end with our standard input: for tests that run as root.

slotted.py SLOTS ENTRIES
"""

import sys
from pathlib import Path

from sandbox.host import HostServer
from sandbox.model import Kind, SandboxUnavailable

slots = tuple(sorted(str(slot) for slot in Path(sys.argv[1]).iterdir()))
try:
    server = HostServer.start("obedient:serve", Path(sys.argv[2]), kind=Kind.LANDLOCK, slots=slots)
except SandboxUnavailable as error:
    sys.exit(str(error))
print(server.path, flush=True)
sys.stdin.read()
server.close()
