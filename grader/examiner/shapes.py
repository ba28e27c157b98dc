"""`assert_shape` and the recording `assert_close`: assertions that leave their evidence behind for a picture."""

from __future__ import annotations

import math
from typing import Any

import torch

from grader.verdict import Array, Comparison

MAX_CELLS = 1024
WINDOW = 32
DIGITS = {torch.float32: 7, torch.complex64: 7, torch.float16: 4, torch.bfloat16: 3}
"""As many significant digits as a type holds; written as the doubles they become there would be seventeen."""

_assert_close = torch.testing.assert_close


class ComparisonFailed(AssertionError):
    """An assertion over tensors failed; `comparison` says how, `compared` are the tensors themselves."""

    def __init__(self, message: str, comparison: Comparison, *compared: torch.Tensor) -> None:
        super().__init__(message)
        self.comparison = comparison
        self.compared = compared


def assert_shape(tensor: Any, dimensions: str, **sizes: int) -> dict[str, int]:
    """Assert that `tensor` has the shape that `dimensions` spells, e.g. ``assert_shape(out, "B Lq dv", B=2, dv=4)``.

    A letter takes its size from a keyword, else from its first occurrence; a number stands for itself.  Gives the sizes
    of all letters.  Raises `ComparisonFailed`, which a page draws as labelled boxes.
    """
    labels = dimensions.split()
    if not isinstance(tensor, torch.Tensor):
        raise ComparisonFailed(
            f"应为形状 ({', '.join(labels)}) 的张量，得到的是 {type(tensor).__name__}。 | "
            f"expected a tensor of shape ({', '.join(labels)}), got {type(tensor).__name__}",
            Comparison("shape", None, None, labels=tuple(labels)),
        )
    shape = tuple(tensor.shape)
    bound = dict(sizes)
    expected: list[int | None] = []
    for position, label in enumerate(labels):
        size: int | None = int(label) if label.isdigit() else bound.get(label)
        if size is None and len(labels) == len(shape):
            size = bound[label] = shape[position]
        expected.append(size)
    if len(shape) != len(labels) or list(shape) != expected:
        spelled = ", ".join(
            label if size is None or label.isdigit() else f"{label}={size}"
            for label, size in zip(labels, expected, strict=True)
        )
        dtype = str(tensor.dtype)[6:]
        known = all(size is not None for size in expected)
        raise ComparisonFailed(
            f"形状应为 ({spelled})，实为 {shape}。 | expected shape ({spelled}), got {shape}",
            Comparison(
                "shape",
                Array(dtype, tuple(size for size in expected if size is not None), ()) if known else None,
                Array(dtype, shape, ()),
                labels=tuple(labels),
            ),
            tensor,
        )
    return bound


def assert_close(actual: Any, expected: Any, **options: Any) -> None:
    """`torch.testing.assert_close`, leaving both tensors and the worst index behind when it fails."""
    __tracebackhide__ = True
    try:
        _assert_close(actual, expected, **options)
    except AssertionError as error:
        found = _first_difference(actual, expected)
        if found is None:
            raise
        raise ComparisonFailed(str(error), compare(*found), *found) from None


def _first_difference(actual: Any, expected: Any) -> tuple[torch.Tensor, torch.Tensor] | None:
    if isinstance(actual, torch.Tensor) and isinstance(expected, torch.Tensor):
        return actual, expected
    if isinstance(actual, list | tuple) and isinstance(expected, list | tuple) and len(actual) == len(expected):
        for ours, theirs in zip(actual, expected, strict=True):
            if isinstance(ours, torch.Tensor) and isinstance(theirs, torch.Tensor):
                try:
                    _assert_close(ours, theirs)
                except AssertionError:
                    return ours, theirs
    return None


def compare(actual: torch.Tensor, expected: torch.Tensor) -> Comparison:
    """Expected beside actual, cut to a window around the worst cell when they are large."""
    ours, theirs = actual.detach(), expected.detach()
    if ours.shape != theirs.shape:
        return Comparison(
            "shape", Array(_name(theirs), tuple(theirs.shape), ()), Array(_name(ours), tuple(ours.shape), ())
        )
    worst = _worst(ours, theirs)
    origin, window = _window(tuple(ours.shape), worst)
    cut = bool(window)
    return Comparison(
        "close", _array(theirs, origin, window), _array(ours, origin, window), worst=worst or None, truncated=cut
    )


def picture(tensor: torch.Tensor, around: tuple[int, ...], most: int = MAX_CELLS) -> Array:
    """A tensor, cut to a window around the cell `around` when it has more than `most`."""
    plain = tensor.detach()
    origin, window = _window(tuple(plain.shape), around, most)
    return _array(plain, origin, window)


def _name(tensor: torch.Tensor) -> str:
    return str(tensor.dtype)[6:]


def _worst(ours: torch.Tensor, theirs: torch.Tensor) -> tuple[int, ...]:
    """Index of the largest difference; a non-finite one counts as infinitely large."""
    if ours.numel() == 0 or ours.dim() == 0:
        return ()
    wide = torch.complex128 if ours.is_complex() or theirs.is_complex() else torch.float64
    a, b = ours.to(wide), theirs.to(wide)
    difference = (a - b).abs()
    unequal = (a != b) & ~(torch.isnan(a) & torch.isnan(b))
    difference = torch.where(torch.isfinite(difference), difference, torch.where(unequal, math.inf, 0.0))
    flat = int(difference.argmax())
    index = []
    for size in reversed(ours.shape):
        index.append(flat % size)
        flat //= size
    return tuple(reversed(index))


def _window(
    shape: tuple[int, ...], worst: tuple[int, ...], most: int = MAX_CELLS
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Origin and shape of the part to keep; empty when the whole fits."""
    if math.prod(shape) <= most:
        return (), ()
    sizes = [1] * max(0, len(shape) - 2) + [min(size, WINDOW) for size in shape[-2:]]
    origin = [min(max(0, at - size // 2), whole - size) for at, size, whole in zip(worst, sizes, shape, strict=True)]
    return tuple(origin), tuple(sizes)


def _array(tensor: torch.Tensor, origin: tuple[int, ...], window: tuple[int, ...]) -> Array:
    part = tensor
    for dimension, (start, size) in enumerate(zip(origin, window, strict=True)):
        part = part.narrow(dimension, start, size)
    if part.is_complex():
        part = torch.view_as_real(part.resolve_conj())
    digits = DIGITS.get(part.dtype)
    data = tuple(plain_number(value, digits) for value in part.reshape(-1).tolist())
    return Array(_name(tensor), tuple(tensor.shape), data, window, origin)


def plain_number(value: float | int | bool, digits: int | None = None) -> float | int | bool | str:
    """A JSON-safe number, with `digits` significant ones; non-finite ones become "nan", "inf" or "-inf"."""
    if not isinstance(value, float):
        return value
    if not math.isfinite(value):
        return "nan" if value != value else ("inf" if value > 0 else "-inf")
    return value if digits is None else float(f"{value:.{digits}g}")
