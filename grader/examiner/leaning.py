"""Which requests of a suite lean on what was answered before: followed through torch while a plan is made.

A plan is learned from the reference.  A request made of the reference's answers, sent ahead of a submission's own,
would hand the submission the right answer.  So whatever is computed from a reply is followed, and where it leaves torch
for plain Python everything later in the test is taken to lean on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import torch
from torch.overrides import TorchFunctionMode

# What a tensor says of itself that is none of its values.
_FORM: Final = frozenset(
    {
        "shape", "size", "dim", "ndim", "numel", "nelement", "stride", "dtype", "device", "layout", "requires_grad",
        "is_leaf", "grad_fn", "element_size", "itemsize", "nbytes", "storage_offset", "_version", "names", "__len__",
        "data_ptr", "untyped_storage", "get_device", "output_nr", "retain_grad", "retains_grad", "__hash__",
    }
)  # fmt: skip
_GRADIENT: Final = vars(torch._C.TensorBase)["grad"].__get__


class Leaning(TorchFunctionMode):
    """Follows replies through a test.  While it is entered, every function of torch passes here."""

    def __init__(self) -> None:
        super().__init__()
        self._places: set[int] = set()
        self._kept: list[torch.Tensor] = []
        """What was followed stays in memory until the test ends, so that no other tensor takes its place."""
        self._told = False
        """Whether values of a reply have become plain numbers, which nobody can follow."""

    def begin_test(self) -> None:
        """Forget the replies of the test before."""
        self._places.clear()
        self._kept.clear()
        self._told = False

    def answered(self, value: Any, tensors: Sequence[torch.Tensor]) -> None:
        """Follow a reply from here on."""
        self._follow(tensors)
        self._told = self._told or _is_plain(value)

    def leans(self, arguments: Sequence[torch.Tensor]) -> bool:
        """Whether a request with these argument tensors may be made of replies."""
        return self._told or any(map(self._is_followed, arguments))

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        given = kwargs or {}
        result = func(*args, **given)
        inputs = [*_tensors(args), *_tensors(given)]
        if func == _GRADIENT or any(map(self._is_followed, inputs)):
            found = list(_tensors(result))
            # Written in place where nothing comes back, or into `out`.
            self._follow(found if result is not None and "out" not in given else inputs)
            values_left = not found and result is not None and not isinstance(result, bool)
            if values_left and _name_of(func) not in _FORM:
                self._told = True
        return result

    def _is_followed(self, tensor: torch.Tensor) -> bool:
        return _place(tensor) in self._places

    def _follow(self, tensors: Sequence[torch.Tensor]) -> None:
        with torch._C.DisableTorchFunction():
            self._places.update(map(_place, tensors))
            self._kept += tensors


def _place(tensor: torch.Tensor) -> int:
    with torch._C.DisableTorchFunction():
        try:
            return tensor.untyped_storage().data_ptr() or -1
        except (RuntimeError, NotImplementedError):  # no memory of its own (sparse, meta)
            return -1


def _name_of(func: Callable[..., Any]) -> str:
    """A function's name; of an attribute's getter, the attribute's."""
    owner = getattr(func, "__self__", None)
    name = getattr(func, "__name__", "")
    return str(getattr(owner, "__name__", name)) if name == "__get__" else str(name)


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from _tensors(entry)
    elif isinstance(value, dict):
        for entry in value.values():
            yield from _tensors(entry)


def _is_plain(value: Any) -> bool:
    """Whether a reply holds numbers or texts of its own; names of parameters and their handles are none."""
    if isinstance(value, dict):
        note = "parameter" in value and "data" in value
        return not note and any(_is_plain(entry) for entry in value.values())
    if isinstance(value, list | tuple):
        return any(_is_plain(entry) for entry in value)
    return isinstance(value, int | float | str) and not isinstance(value, bool)
