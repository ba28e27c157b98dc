"""Bringing home what a submission changed in place, and undoing it."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from sandbox.frames import ProtocolFault

Overwritten = tuple[torch.Tensor, torch.Tensor]
"""An argument, and the values it had."""


def write_back(
    changed: Sequence[tuple[int, torch.Tensor]], arguments: Sequence[torch.Tensor], overwritten: list[Overwritten]
) -> None:
    """Give arguments the values that they have over there, and note those that they had.

    Raises `ProtocolFault` for changes that cannot be.
    """
    with torch.no_grad():
        for ordinal, tensor in changed:
            if not 0 <= ordinal < len(arguments):
                raise ProtocolFault("a change of an argument that was not sent")
            argument = arguments[ordinal]
            if argument.shape != tensor.shape or argument.dtype != tensor.dtype:
                raise ProtocolFault("a change of an argument into one of another shape or type")
            tensor, argument = _unexpanded(tensor, argument), _unexpanded(argument, argument)
            before = argument.detach().clone()
            try:
                argument.copy_(tensor)
            except RuntimeError:  # places that share memory in another way: known as changed, left as they were
                argument = before
            overwritten.append((argument, before))


def _unexpanded(tensor: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """`tensor` without the dimensions along which `like` repeats its memory: torch refuses to write those."""
    for dimension, (size, stride) in enumerate(zip(like.shape, like.stride(), strict=True)):
        if stride == 0 and size > 1:
            tensor = tensor.narrow(dimension, 0, 1)
    return tensor
