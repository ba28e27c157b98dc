"""The assertion that suites use for shapes, without what the workshop draws from it."""

from __future__ import annotations

from typing import Any

import torch


def assert_shape(tensor: Any, dimensions: str, **sizes: int) -> dict[str, int]:
    """Assert that `tensor` has the shape that `dimensions` spells, e.g. ``assert_shape(out, "B Lq dv", B=2, dv=4)``.

    A letter takes its size from a keyword, else from its first occurrence; a number stands for itself.  Gives the sizes
    of all letters.
    """
    labels = dimensions.split()
    assert isinstance(tensor, torch.Tensor), (
        f"应为形状 ({', '.join(labels)}) 的张量，得到的是 {type(tensor).__name__}。 | "
        f"expected a tensor of shape ({', '.join(labels)}), got {type(tensor).__name__}"
    )
    shape = tuple(tensor.shape)
    bound = dict(sizes)
    expected: list[int | None] = []
    for position, label in enumerate(labels):
        size = int(label) if label.isdigit() else bound.get(label)
        if size is None and len(labels) == len(shape):
            size = bound[label] = shape[position]
        expected.append(size)
    spelled = ", ".join(
        label if size is None or label.isdigit() else f"{label}={size}"
        for label, size in zip(labels, expected, strict=True)
    )
    assert list(shape) == expected, f"形状应为 ({spelled})，实为 {shape}。 | expected shape ({spelled}), got {shape}"
    return bound
