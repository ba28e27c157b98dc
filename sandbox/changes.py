"""Which tensors among a request's arguments were changed in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from sandbox.arguments import ArgumentDecoder
from sandbox.wire import packed


def changed_arguments(header: dict[str, Any], body: bytearray, before: bytes) -> Iterator[tuple[int, torch.Tensor]]:
    """Ordinal and present value of each argument tensor whose bytes in `body` are not those in `before`.

    Ordinals count in the order in which the arguments were encoded.
    """
    pairs = zip(_tensors(header, body), _tensors(header, bytearray(before)), strict=True)
    for ordinal, (new, previous) in enumerate(pairs):
        if bytes(_raw(new)) != bytes(_raw(previous)):
            yield ordinal, new


def _tensors(header: dict[str, Any], body: bytearray) -> Iterator[torch.Tensor]:
    decoder = ArgumentDecoder(body, header.get("sizes", []), lambda number: None)
    for key in ("args", "kwargs"):
        for node in _tensor_nodes(header.get(key)):
            yield decoder.decode(node).detach()


def _tensor_nodes(node: Any) -> Iterator[dict[str, Any]]:
    if type(node) is list:
        for entry in node:
            yield from _tensor_nodes(entry)
    elif type(node) is dict:
        if "y" in node:
            yield node
        else:
            for entry in node.values():
                yield from _tensor_nodes(entry)


def _raw(tensor: torch.Tensor) -> memoryview:
    flat = packed(tensor)
    return memoryview(flat.view(torch.uint8).numpy().data) if flat.numel() else memoryview(b"")
