"""Values in the frames of a job's socket: plain values, dense tensors and handles, as nodes of a JSON header.

A header from a candidate is hostile; `Decoder` turns it into values under caps and knows nothing but what stands here.
The other direction is trusted but uses the same nodes.

====================  ==================================================================================
``null true 3 "s"``   plain values; finite floats as JSON numbers
``[...]``             a list
``{"t": [...]}``      a tuple
``{"d": [[k, v]]}``   a dict
``{"f": "nan"}``      a non-finite float: nan, inf, -inf
``{"x": [...]}``      a dense tensor by value: dtype, shape, requires_grad; its bytes are next in the body
``{"y": [...]}``      an argument tensor: dtype, shape, strides, offset, buffer, requires_grad (trusted side only)
``{"h": {...}}``      a handle: something that stays with the candidate
``{"T": "float32"}``  a dtype;  ``{"D": "cpu"}`` a device
====================  ==================================================================================
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from sandbox.frames import ALIGNMENT, MAX_BODY, MAX_TEXT, ProtocolFault, Unsendable, clean_text

MAX_DEPTH = 32
MAX_NODES = 10_000
MAX_RANK = 8
MAX_DIMENSION = 2**20
MAX_INTEGER = 2**63

DTYPES: dict[str, torch.dtype] = {
    name: getattr(torch, name)
    for name in (
        "float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool",
        "complex64", "complex128",
    )
}  # fmt: skip
NAMES: dict[torch.dtype, str] = {dtype: name for name, dtype in DTYPES.items()}
_NUMPY_KNOWS = frozenset(dtype for dtype in NAMES if dtype is not torch.bfloat16 and not dtype.is_complex)
SIZES: dict[str, int] = {name: torch.empty((), dtype=dtype).element_size() for name, dtype in DTYPES.items()}


def tensor_bytes(tensor: torch.Tensor) -> bytes | memoryview:
    """The bytes of a dense tensor in row-major order."""
    plain = tensor.detach()
    if plain.dtype in _NUMPY_KNOWS and plain.is_contiguous() and not plain.is_neg():
        return plain.numpy().tobytes()
    if plain.is_complex():
        plain = plain.resolve_conj()
    flat = packed(plain.resolve_neg())
    return memoryview(flat.view(torch.uint8).numpy().data) if flat.numel() else b""


def packed(tensor: torch.Tensor) -> torch.Tensor:
    """Its values in a row.  One value counts as contiguous at any stride, and then cannot be viewed as bytes."""
    flat = tensor.contiguous().reshape(-1)
    return flat.as_strided((flat.numel(),), (1,))


def require_dense(tensor: torch.Tensor) -> str:
    """The dtype's name when `tensor` may cross by value.  Raises `Unsendable` saying what it is instead."""
    if type(tensor) is not torch.Tensor and type(tensor) is not torch.nn.Parameter:
        raise Unsendable(f"a {type(tensor).__name__} (a subclass of torch.Tensor) was returned; return a plain tensor")
    if tensor.layout is not torch.strided:
        raise Unsendable(f"a tensor of layout {str(tensor.layout)[6:]} was returned; return a dense one")
    if not tensor.is_cpu:
        raise Unsendable(f"a tensor on device {tensor.device.type} was returned; return one on the CPU")
    dtype, shape = tensor.dtype, tensor.shape
    name = NAMES.get(dtype)
    if name is None or tensor.is_quantized:
        raise Unsendable(f"a tensor of dtype {str(dtype)[6:]} was returned; that type does not cross")
    too_long = max(shape, default=0) > MAX_DIMENSION or len(shape) > MAX_RANK
    if too_long or tensor.numel() * SIZES[name] > MAX_BODY:
        raise Unsendable(f"a tensor of shape {tuple(shape)} was returned; it is too large to be looked at")
    return name


class Encoder:
    """Turns values into nodes.  `handle` is asked for whatever does not cross by value; it may raise `Unsendable`."""

    def __init__(self, handle: Callable[[Any], dict[str, Any]]) -> None:
        self._handle = handle
        self.buffers: list[bytes | memoryview] = []
        self.tensors: list[torch.Tensor] = []
        """Tensors sent by value, in order; what requires grad among them can be differentiated later."""
        self._nodes = 0

    def encode(self, value: Any, depth: int = 0) -> Any:
        """The node of `value`.  Raises `Unsendable` over the caps."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise Unsendable(f"more than {MAX_NODES} values were returned at once")
        if depth > MAX_DEPTH - 2:
            raise Unsendable(f"values are nested more than {MAX_DEPTH - 2} deep")
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is str:
            if len(value) > MAX_TEXT:
                raise Unsendable(f"a text of {len(value)} characters was returned; at most {MAX_TEXT} cross")
            return clean_text(value)
        if kind is int:
            if abs(value) >= MAX_INTEGER:
                raise Unsendable("an integer beyond 64 bits was returned")
            return value
        if kind is float:
            return (
                value if math.isfinite(value) else {"f": "nan" if value != value else ("inf" if value > 0 else "-inf")}
            )
        if issubclass(kind, torch.Tensor):
            return self.encode_tensor(value)
        if kind is list:
            return [self.encode(entry, depth + 1) for entry in value]
        if issubclass(kind, tuple):
            return {"t": [self.encode(entry, depth + 1) for entry in tuple.__iter__(value)]}
        if issubclass(kind, dict):
            pairs = dict.items(value)
            return {"d": [[self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in pairs]}
        if kind is torch.dtype:
            return {"T": str(value)[6:]}
        if kind is torch.device:
            return {"D": value.type}
        return {"h": self._handle(value)}

    def encode_tensor(self, tensor: torch.Tensor) -> Any:
        """A tensor by value, contiguous.  Raises `Unsendable` for what is not a plain dense tensor."""
        name = require_dense(tensor)
        self.buffers.append(tensor_bytes(tensor))
        self.tensors.append(tensor)
        return {"x": [name, list(tensor.shape), bool(tensor.requires_grad)]}


@dataclass(frozen=True, slots=True)
class HandleNote:
    """What a candidate says about something it keeps.  Every field is self-reported."""

    id: int
    kind: str
    name: str
    flags: frozenset[str]


HANDLE_KINDS = frozenset({"module", "class", "function", "instance"})
HANDLE_FLAGS = frozenset({"nn", "parameters", "training", "callable", "sized"})


class Decoder:
    """Turns the nodes of one hostile frame into values.  Raises `ProtocolFault` for anything out of order.

    Tensors share the body's memory; `handle` makes the local stand-in of a handle.
    """

    def __init__(self, body: bytearray, handle: Callable[[HandleNote], Any]) -> None:
        self._body = body
        self._handle = handle
        self._position = 0
        self._nodes = 0
        self.tensors: list[torch.Tensor] = []
        self.differentiable: list[bool] = []

    def finish(self) -> None:
        """Every byte of the body must have been asked for."""
        if self._position != len(self._body):
            raise ProtocolFault("the body is longer than its tensors")

    def decode(self, node: Any, depth: int = 0) -> Any:
        """The value of `node`."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise ProtocolFault(f"more than {MAX_NODES} values in one message")
        if depth > MAX_DEPTH:
            raise ProtocolFault(f"values nested more than {MAX_DEPTH} deep")
        kind = type(node)
        if node is None or kind is bool:
            return node
        if kind is int:
            if abs(node) >= MAX_INTEGER:
                raise ProtocolFault("an integer beyond 64 bits")
            return node
        if kind is float:
            if not math.isfinite(node):
                raise ProtocolFault("a number too large to be one")
            return node
        if kind is str:
            if len(node) > MAX_TEXT:
                raise ProtocolFault("a text that is too long")
            return clean_text(node)
        if kind is list:
            return [self.decode(entry, depth + 1) for entry in node]
        if kind is not dict or len(node) != 1:
            raise ProtocolFault("a node of no known form")
        ((tag, inner),) = node.items()
        if tag == "x":
            return self._tensor(inner)
        if tag == "t" and type(inner) is list:
            return tuple(self.decode(entry, depth + 1) for entry in inner)
        if tag == "d" and type(inner) is list:
            return self._dict(inner, depth)
        if tag == "f" and type(inner) is str and inner in ("nan", "inf", "-inf"):
            return float(inner)
        if tag == "T" and isinstance(inner, str) and inner in DTYPES:
            return DTYPES[inner]
        if tag == "D" and inner == "cpu":
            return torch.device("cpu")
        if tag == "h":
            return self._handle(read_handle(inner))
        raise ProtocolFault("a node of no known form")

    def _dict(self, pairs: list[Any], depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for pair in pairs:
            if type(pair) is not list or len(pair) != 2:
                raise ProtocolFault("a dict whose entries are not pairs")
            key = self.decode(pair[0], depth + 1)
            result[_key(key, len(result))] = self.decode(pair[1], depth + 1)
        return result

    def _tensor(self, inner: Any) -> torch.Tensor:
        if type(inner) is not list or len(inner) != 3:
            raise ProtocolFault("a tensor without dtype, shape and flag")
        name, shape, differentiable = inner
        if type(name) is not str or name not in DTYPES or type(differentiable) is not bool:
            raise ProtocolFault("a tensor of no known dtype")
        if type(shape) is not list or len(shape) > MAX_RANK:
            raise ProtocolFault("a tensor of too many dimensions")
        count = span = 1
        for size in shape:
            if type(size) is not int or not 0 <= size <= MAX_DIMENSION:
                raise ProtocolFault("a tensor with a dimension out of range")
            count *= size
            span *= max(size, 1)  # strides are counted as if no dimension were empty
        if span >= MAX_INTEGER // 16:
            raise ProtocolFault("a tensor whose strides are no numbers")
        nbytes = count * SIZES[name]
        start, end = self._position, self._position + nbytes
        if end > len(self._body):
            raise ProtocolFault("a tensor larger than its bytes")
        self._position = end + (-nbytes % ALIGNMENT)
        dtype = DTYPES[name]
        if count == 0:
            tensor = torch.empty(shape, dtype=dtype)
        elif name == "bool":  # any byte but 0 and 1 is no bool to torch
            tensor = torch.frombuffer(self._body, dtype=torch.uint8, count=count, offset=start).ne(0).reshape(shape)
        else:
            tensor = torch.frombuffer(self._body, dtype=dtype, count=count, offset=start).reshape(shape)
        self.tensors.append(tensor)
        self.differentiable.append(differentiable and (dtype.is_floating_point or dtype.is_complex))
        return tensor


PLAIN = frozenset({str, int, bool, float, type(None)})


def _key(key: Any, position: int) -> Any:
    """A dict's key: plain values are themselves; others become texts, never by printing what may be large."""
    if type(key) in PLAIN:
        return key
    if type(key) is tuple and len(key) <= MAX_RANK and all(type(part) in PLAIN for part in key):
        return repr(key)[:MAX_TEXT]
    return f"<{type(key).__name__} {position}>"


def read_handle(inner: Any) -> HandleNote:
    """A handle's note, checked.  Raises `ProtocolFault`."""
    if type(inner) is not dict:
        raise ProtocolFault("a handle of no known form")
    number, kind, name, flags = (inner.get(key) for key in ("id", "kind", "name", "flags"))
    if type(number) is not int or not 0 <= number < 2**31 or type(kind) is not str or kind not in HANDLE_KINDS:
        raise ProtocolFault("a handle of no known form")
    if type(name) is not str or type(flags) is not list or not all(type(flag) is str for flag in flags):
        raise ProtocolFault("a handle of no known form")
    return HandleNote(number, kind, clean_text(name, 120), frozenset(flags) & HANDLE_FLAGS)
