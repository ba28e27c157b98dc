"""Arguments on their way to a submission: trusted nodes that keep strides, aliasing and what requires grad."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch

from sandbox.frames import ALIGNMENT
from sandbox.wire import DTYPES, PLAIN, SIZES, Encoder, require_dense, tensor_bytes


class ArgumentEncoder(Encoder):
    """The trusted side's encoder: argument tensors keep strides, aliasing and requires_grad.

    Tensors that share memory share one buffer, so that a submission sees the same aliasing as it would locally.
    """

    def __init__(self, handle: Callable[[Any], dict[str, Any]]) -> None:
        super().__init__(handle)
        self._storages: dict[int, int] = {}
        self.sizes: list[int] = []

    def encode_tensor(self, tensor: torch.Tensor) -> Any:
        name = require_dense(tensor)
        if tensor.is_conj() or tensor.is_neg():
            tensor = tensor.resolve_conj().resolve_neg()
        plain = tensor.detach()
        storage = plain.untyped_storage()
        address, nbytes = storage.data_ptr(), storage.nbytes()
        used = plain.numel() * SIZES[name]
        offset = plain.storage_offset()
        if nbytes > 4 * used + 4096:  # a small view of something large: only what is seen crosses
            plain, offset, nbytes = plain.contiguous(), 0, used
            address = -id(tensor)
        contiguous = plain.is_contiguous()
        index = self._storages.get(address)
        if index is None or not nbytes:
            index = self._storages[address] = len(self.buffers)
            self.buffers.append(tensor_bytes(plain) if contiguous and nbytes == used else _storage_bytes(plain))
            self.sizes.append(nbytes)
        self.tensors.append(tensor)
        strides = None if contiguous else plain.stride()  # None: row-major, which is most of them
        return {"y": [name, list(plain.shape), strides, offset, index, tensor.requires_grad]}


class ArgumentDecoder:
    """The candidate's side of `ArgumentEncoder`: argument tensors are views into the frame's body."""

    def __init__(self, body: bytearray, sizes: list[int], lookup: Callable[[int], Any]) -> None:
        self._body = body
        self._lookup = lookup
        self.offsets: list[int] = []
        position = 0
        for size in sizes:
            self.offsets.append(position)
            position += size + (-size % ALIGNMENT)
        self.sizes = sizes
        self.leaves: list[torch.Tensor] = []
        """Argument tensors that require grad, in order."""
        self._given: list[tuple[torch.Tensor, torch.Size, tuple[int, ...]]] = []
        self._held: list[tuple[Any, list[Any]]] = []
        """Lists and dicts, and what stood in them."""

    def reshaped(self) -> bool:
        """Whether what was given out has another form by now.

        A tensor has another shape or other strides (`unsqueeze_`, `transpose_`, …) or attributes of its own, a list or
        a dict other entries.
        """
        return any(
            tensor.shape != shape or tensor.stride() != strides or tensor.__dict__
            for tensor, shape, strides in self._given
        ) or any(_told_apart(held, _entries(held)) != _told_apart(held, entries) for held, entries in self._held)

    def given(self) -> list[torch.Tensor]:
        """The tensors given out so far."""
        return [tensor for tensor, _, _ in self._given]

    def decode(self, node: Any) -> Any:
        """The value of a trusted node."""
        kind = type(node)
        if kind is list:
            return self._kept([self.decode(entry) for entry in node])
        if kind is not dict:
            return node
        ((tag, inner),) = node.items()
        if tag == "y":
            return self._tensor(*inner)
        if tag == "t":
            return tuple([self.decode(entry) for entry in inner])
        if tag == "d":
            return self._kept({self.decode(key): self.decode(value) for key, value in inner})
        if tag == "f":
            return float(inner)
        if tag == "T":
            return DTYPES[inner]
        if tag == "D":
            return torch.device(inner)
        return self._lookup(inner["id"])

    def _kept(self, value: Any) -> Any:
        self._held.append((value, _entries(value)))
        return value

    def _tensor(
        self, name: str, shape: list[int], strides: list[int] | None, offset: int, index: int, requires_grad: bool
    ) -> torch.Tensor:
        size = self.sizes[index]
        if size:
            count = size // SIZES[name]
            base = torch.frombuffer(self._body, dtype=DTYPES[name], count=count, offset=self.offsets[index])
            if strides is not None:
                tensor = base.as_strided(shape, strides, offset)
            else:
                numel = math.prod(shape)
                tensor = (base if numel == count else base[offset : offset + numel]).view(shape)
        else:
            tensor = torch.empty(shape, dtype=DTYPES[name])
        if requires_grad:
            tensor.requires_grad_()
            self.leaves.append(tensor)
        self._given.append((tensor, tensor.shape, tensor.stride()))
        return tensor


def _entries(held: Any) -> list[Any]:
    """What stands in a list or a dict."""
    return list(held) if type(held) is list else list(dict.items(held))


def _told_apart(held: Any, entries: list[Any]) -> Any:
    """Equal for the same objects: in their order in a list, in any in a dict."""
    if type(held) is list:
        return [id(entry) for entry in entries]
    return {(key if type(key) in PLAIN else id(key), id(value)) for key, value in entries}


def _storage_bytes(tensor: torch.Tensor) -> memoryview:
    """All the memory that `tensor` is a view of."""
    return memoryview(torch.empty(0, dtype=torch.uint8).set_(tensor.untyped_storage()).numpy().data)
