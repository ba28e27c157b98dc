"""The few hashes of a text that stand for all of it: winnowing."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b


def grams(kinds: Sequence[str], length: int) -> list[int]:
    """The hash of every run of `length` tokens, at the place where it begins."""
    return [_hash(kinds[start : start + length]) for start in range(len(kinds) - length + 1)]


def _hash(run: Sequence[str]) -> int:
    return int.from_bytes(blake2b("\0".join(run).encode("utf-8", "replace"), digest_size=8).digest(), "big")


def winnowed(hashes: Sequence[int], window: int) -> frozenset[int]:
    """The smallest hash of every `window` neighbours: a common run of `length + window - 1` tokens is never missed."""
    if len(hashes) <= window:
        return frozenset([min(hashes)]) if hashes else frozenset()
    return frozenset(min(hashes[start : start + window]) for start in range(len(hashes) - window + 1))
