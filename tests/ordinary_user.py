"""Running a command as an ordinary user from tests that run as root.

Root's interpreter often lies under a folder that only root may enter (`/root`, mode 0700).  In a mount namespace of its
own each such folder is replaced by one that everybody may enter and that holds nothing but what the interpreter needs.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

UID = 12345


def command_prefix(*needed: Path, uid: int = UID) -> list[str]:
    """What to put before a command, so that it runs as `uid` with no groups and reaches Python and `needed`.

    Empty when we are an ordinary user already.  The command's file permissions are its own business: give it a folder
    that `uid` may write.
    """
    if os.geteuid() != 0:
        return []
    wanted = {Path(sys.base_prefix), Path(sys.prefix), Path(sys.executable).resolve().parents[1], *needed}
    script = ["set -e", "mount --make-rprivate /"]
    closed: dict[Path, list[Path]] = {}
    for path in sorted(wanted):
        barrier = next((parent for parent in reversed(path.parents) if not parent.stat().st_mode & 0o001), None)
        if barrier is not None:
            closed.setdefault(barrier, []).append(path)
    for number, (barrier, paths) in enumerate(closed.items()):
        kept = f"/tmp/.kept-{os.getpid()}-{number}"
        place = shlex.quote(str(barrier))
        script += [f"mkdir -p {kept}", f"mount --rbind {place} {kept}", f"mount -t tmpfs -o mode=0755 tmpfs {place}"]
        for path in paths:
            inside = shlex.quote(str(path))
            script += [
                f"mkdir -p {inside}",
                f"mount --rbind {kept}/{shlex.quote(str(path.relative_to(barrier)))} {inside}",
            ]
        script += [f"umount -l {kept}", f"rmdir {kept}"]
    script.append(f'exec setpriv --reuid {uid} --regid {uid} --clear-groups env HOME=/tmp "$@"')
    return ["unshare", "--mount", "sh", "-c", "; ".join(script), "ordinary-user"]
