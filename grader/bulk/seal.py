"""A seal under what a journal says: only who holds this person's secret of this machine can have written it.

A journal lies in a folder that may hold what students sent, and it holds verdicts.  One that came along with a
submission must not be believed.
"""

from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

LENGTH = 64
"""Letters of a seal."""
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Seal:
    """Seals what is written, and knows its own seals again."""

    secret: bytes
    lasting: bool = True
    """Whether the next run will have the same one."""

    def of(self, content: bytes) -> bytes:
        """The seal of `content`."""
        return hmac.digest(self.secret, content, "sha256").hex().encode()

    def holds(self, seal: bytes, content: bytes) -> bool:
        """Whether `seal` is that of `content`."""
        return hmac.compare_digest(seal, self.of(content))


def own_seal() -> Seal:
    """That of this person on this machine, made when it is first needed; one for this run where none can be kept."""
    path = Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state").expanduser() / "workshop" / "journal-seal"
    try:
        secret = _kept(path)
    except (OSError, RuntimeError):  # no home, or none that may be written
        return Seal(secrets.token_bytes(_SECRET_BYTES), lasting=False)
    return Seal(secret)


def _kept(path: Path) -> bytes:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        new = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_SECRET_BYTES))
        try:
            os.link(new, path)  # whole or not at all, and of two runs the first
        except FileExistsError:
            pass
        finally:
            new.unlink()
    secret = path.read_bytes()
    if len(secret) < _SECRET_BYTES:
        raise OSError(f"{path} is damaged")
    return secret
