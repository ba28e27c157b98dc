"""What runs inside the jail: loads one submission and answers the examiner's requests about it.

Everything here shares a process with hostile code, so nothing here decides anything: a reply is a claim.  The code
below is only careful to be *right* for an honest submission: seeds, grad mode, aliasing, in-place changes, gradients,
typed errors.
"""

from __future__ import annotations

import io
import random
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy
import torch

from sandbox.arguments import ArgumentDecoder
from sandbox.changes import changed_arguments
from sandbox.frames import CHUNK, DescriptorChannel, PeerGone, clean_text, pack
from sandbox.lines import LastMoments, lines_of_error
from sandbox.measuring import return_what_is_freed
from sandbox.printed import Printed
from sandbox.sources import FILENAME, MODULE, execute, import_sources, only_defines, run_as_main, unpack_sources
from sandbox.wire import Encoder

MAX_NAMES = 500
HANDLES = 256
"""How many handles a request may give that take their numbers from its own; more take surplus numbers."""
FIRST_SURPLUS = 3 * 2**29

# The builtin types a remote error may become on the other side.
ERROR_BASES = frozenset(
    {
        "ArithmeticError", "AssertionError", "AttributeError", "FloatingPointError", "ImportError", "IndexError",
        "KeyError", "LookupError", "MemoryError", "ModuleNotFoundError", "NameError", "NotImplementedError", "OSError",
        "OverflowError", "RecursionError", "RuntimeError", "SyntaxError", "TypeError", "UnboundLocalError",
        "UnicodeError", "ValueError", "ZeroDivisionError",
    }
)  # fmt: skip


@dataclass(slots=True)
class _Record:
    """What a call leaves behind for its backward pass."""

    outputs: list[torch.Tensor]
    leaves: list[torch.Tensor]
    mirrored: list[torch.Tensor]
    own: list[torch.nn.Parameter]


class Workspace:
    """One submission's side of the conversation."""

    def __init__(self, fd: int) -> None:
        self._channel = DescriptorChannel(fd)
        self._objects: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._next = 0
        self._surplus = FIRST_SURPLUS
        self._records: dict[int, _Record] = {}
        self._sending = False
        self._waiting: list[bytes] = []
        self._kept = 0
        self._late = b""
        """Where the submission was while a frame was under way."""
        self._moments = LastMoments(self._tell_lines)
        self._printed: tuple[Printed, ...] = ()
        self._operations: dict[str, Callable[[dict[str, Any], ArgumentDecoder], Any]] = {
            "call": self._call, "get": self._get, "set": self._set, "method": self._method,
            "index": self._index, "length": self._length, "state": self._state, "parameters": self._parameters,
            "modules": self._modules, "refresh": self._refresh,
        }  # fmt: skip

    # The conversation ---------------------------------------------------------------------------------------------

    def serve(self) -> None:
        """Answer requests until the examiner hangs up.  A frame holds several."""
        self._printed = Printed("stdout", self._send_output), Printed("stderr", self._send_output)
        sys.stdout, sys.stderr = self._printed
        sys.stdin = io.StringIO()
        while True:
            try:
                frame, body = self._channel.receive()
            except PeerGone:
                return
            for number in frame.get("free", ()):
                self._free(number)
            for number in frame.get("forget", ()):
                self._records.pop(number, None)
            start = 0
            for header, size in frame["do"]:
                self._reply(self._answer(header, body[start : start + size]))
                start += size
            self._flush()

    def _reply(self, frame: bytes) -> None:
        """Keep a reply until those of the frame can go together: waking the examiner for each costs more than it does.

        When they go hangs on what they are, never on the clock: a submission that dies takes with it what was kept.
        """
        self._waiting.append(frame)
        self._kept += len(frame)
        if self._kept > CHUNK:
            self._flush()

    def _flush(self) -> None:
        self._sending = True
        while self._waiting:
            frames, self._waiting = self._waiting, []
            self._channel.send(frames[0] if len(frames) == 1 else b"".join(frames))
        if self._late:
            self._channel.send(self._late)
            self._late = b""
        self._sending = False
        self._kept = 0

    def _send_output(self, header: dict[str, Any]) -> None:
        self._note_dropped(header)
        self._waiting.append(pack(header))
        if not self._sending:  # else printed by a destructor while a frame is under way, and sent after it
            self._flush()

    def _tell_lines(self, lines: list[int]) -> None:
        """Say where the submission is; called by a signal's handler, anywhere.

        Alone: a reply that is kept must not go with it, or what counts would hang on the clock.
        """
        frame = pack({"at": lines})
        if self._sending:
            self._late = frame
            return
        self._sending = True
        self._channel.send(frame)
        self._sending = False

    def _answer(self, header: dict[str, Any], body: bytearray) -> bytes:
        try:
            self._next = header["n"] * HANDLES
            decoder = ArgumentDecoder(body, header.get("sizes", []), self._objects.__getitem__)
            before = bytes(body)
            encoder = Encoder(self._describe)
            reply: dict[str, Any] = {"r": self.perform(header, body, decoder, encoder)}
            if body != before:
                reply["changed"] = self._changed(header, body, before, encoder)
            if decoder.reshaped():
                reply["reshaped"] = True
            self._note_dropped(reply)
            return pack(reply, encoder.buffers)
        except BaseException as error:  # noqa: BLE001, RUF100  - whatever a submission raises is a reply
            return self._error(error)

    def perform(self, header: dict[str, Any], body: bytearray, decoder: ArgumentDecoder, encoder: Encoder) -> Any:
        """Do what one request asks and give the node of its result; tensors are left in `encoder`."""
        self._prepare(header, decoder)
        operation = header["op"]
        if "limits" in header:
            self._moments.watch(*header["limits"])
        if operation in ("load", "run"):
            if header.get("measured"):
                return_what_is_freed()
            sources = unpack_sources(header["sources"], body)
            if header.get("alone"):
                self._send_output({"plain": only_defines(sources[MODULE])})
            if operation == "load":
                names = self.load(sources)
                self._number_first(names, header.get("wanted", ()))
                return encoder.encode(names)
            run_as_main(sources[MODULE])
            return None
        if operation == "backward":
            return encoder.encode(self._backward(header, decoder))
        with torch.set_grad_enabled(header["grad"]):
            node = encoder.encode(self._operations[operation](header, decoder))
        if "record" in header:
            self._keep(header, decoder, encoder)
        return node

    def _prepare(self, header: dict[str, Any], decoder: ArgumentDecoder) -> None:
        seed = header.get("seed")
        if seed is not None:
            torch.default_generator.manual_seed(seed)
            if header.get("fresh"):
                random.seed(seed)
                numpy.random.seed(seed % 2**32)  # noqa: NPY002, RUF100  - what submissions use
        if "dtype" in header:
            torch.set_default_dtype(decoder.decode(header["dtype"]))
        with torch.no_grad():
            for number, node in header.get("push", ()):
                self._objects[number].data.copy_(decoder.decode(node))
        for number, mode in header.get("modes", ()):
            self._objects[number].train(mode)

    def _note_dropped(self, reply: dict[str, Any]) -> None:
        dropped = [stream.dropped for stream in self._printed]
        if any(dropped):
            reply["dropped"] = dropped

    def _error(self, error: BaseException) -> bytes:
        note: dict[str, Any] = {
            "type": clean_text(type(error).__name__, 120),
            "base": next(
                (base.__name__ for base in type(error).__mro__ if base.__name__ in ERROR_BASES), "RuntimeError"
            ),
            "message": "",
            "lines": lines_of_error(error),
        }
        try:
            if isinstance(error, SyntaxError) and error.filename == FILENAME:
                note["message"] = clean_text(str(error.msg))
            elif isinstance(error, KeyError) and len(error.args) == 1:
                note["message"] = clean_text(repr(error.args[0]))
            else:
                note["message"] = clean_text(str(error))
        except BaseException:  # noqa: BLE001, RUF100  - a hostile __str__
            note["message"] = "(its text could not be read)"
        reply = {"e": note}
        self._note_dropped(reply)
        return pack(reply)

    # Handles ------------------------------------------------------------------------------------------------------

    def _describe(self, value: Any) -> dict[str, Any]:
        return {"id": self._number(value), **describe(value)}

    def _number(self, value: Any) -> int:
        number = self._numbers.get(id(value))
        if number is None:
            number = self._next
            self._next += 1
            if self._next % HANDLES == 0:  # what this request may number is used up
                self._next = self._surplus
                self._surplus += HANDLES
            self._numbers[id(value)] = number
            self._objects[number] = value
        return number

    def _number_first(self, names: dict[str, Any], wanted: list[str]) -> None:
        """Give the `wanted` names the first handles in their order, and leave out those of what is missing."""
        first, wanted = self._next, wanted[: HANDLES // 2]
        for place, name in enumerate(wanted):
            value = names.get(name)
            if value is not None and id(value) not in self._numbers:
                self._next = first + place
                self._number(value)
        self._next = first + len(wanted)

    def _free(self, number: int) -> None:
        value = self._objects.pop(number, None)
        if value is not None:
            self._numbers.pop(id(value), None)

    # Operations: each takes the header and a decoder for its arguments, and returns a value to encode ----------------

    def load(self, sources: dict[str, str]) -> dict[str, Any]:
        """Execute the submission (and before it what it may import, e.g. `reference`); give its public names."""
        source = sources[MODULE]
        module = import_sources(sources)
        self._objects[-1] = module
        execute(module, source)
        names: dict[str, Any] = {}
        for name, value in list(vars(module).items()):
            if not name.startswith("_") and len(names) < MAX_NAMES and isinstance(value, type | types.FunctionType):
                names[clean_text(name, 120)] = value
        return names

    def _call(self, header: dict[str, Any], decoder: ArgumentDecoder) -> Any:
        target = self._objects[header["target"]]
        return target(*decoder.decode(header["args"]), **decoder.decode(header["kwargs"]))

    def _method(self, header: dict[str, Any], decoder: ArgumentDecoder) -> Any:
        target = getattr(self._objects[header["target"]], header["name"])
        return target(*decoder.decode(header["args"]), **decoder.decode(header["kwargs"]))

    def _get(self, header: dict[str, Any], decoder: ArgumentDecoder) -> Any:
        value = getattr(self._objects[header["target"]], header["name"])
        return self._parameter("", value) if isinstance(value, torch.nn.Parameter) else value

    def _set(self, header: dict[str, Any], decoder: ArgumentDecoder) -> None:
        setattr(self._objects[header["target"]], header["name"], decoder.decode(header["args"])[0])

    def _index(self, header: dict[str, Any], decoder: ArgumentDecoder) -> Any:
        return self._objects[header["target"]][decoder.decode(header["args"])[0]]

    def _length(self, header: dict[str, Any], decoder: ArgumentDecoder) -> int:
        return len(self._objects[header["target"]])

    def _state(self, header: dict[str, Any], decoder: ArgumentDecoder) -> dict[str, Any]:
        state = self._objects[header["target"]].state_dict()
        return {name: value.detach() if isinstance(value, torch.Tensor) else value for name, value in state.items()}

    def _parameters(self, header: dict[str, Any], decoder: ArgumentDecoder) -> list[Any]:
        module = self._objects[header["target"]]
        return [self._parameter(name, parameter) for name, parameter in module.named_parameters()]

    def _refresh(self, header: dict[str, Any], decoder: ArgumentDecoder) -> dict[str, Any]:
        return self._parameter("", self._objects[header["target"]])

    def _parameter(self, name: str, parameter: torch.nn.Parameter) -> dict[str, Any]:
        grad = None if parameter.grad is None else parameter.grad.detach()
        return {
            "parameter": self._number(parameter), "name": name, "data": parameter.detach(), "grad": grad,
            "requires_grad": bool(parameter.requires_grad),
        }  # fmt: skip

    def _modules(self, header: dict[str, Any], decoder: ArgumentDecoder) -> list[Any]:
        return [(name, module) for name, module in self._objects[header["target"]].named_modules()]

    # Gradients ----------------------------------------------------------------------------------------------------

    def _keep(self, header: dict[str, Any], decoder: ArgumentDecoder, encoder: Encoder) -> None:
        mirrored = [self._objects[number] for number in header.get("mirrors", ())]
        seen = {id(parameter) for parameter in mirrored}
        target = self._objects[header["target"]]
        root = target if isinstance(target, torch.nn.Module) else getattr(target, "__self__", None)
        own = [p for p in root.parameters() if p.requires_grad and id(p) not in seen] if isinstance(
            root, torch.nn.Module
        ) else []  # fmt: skip
        outputs = [tensor for tensor in encoder.tensors if tensor.requires_grad]
        self._records[header["n"]] = _Record(outputs, decoder.leaves, mirrored, own)

    def _backward(self, header: dict[str, Any], decoder: ArgumentDecoder) -> list[torch.Tensor | None]:
        record = self._records[header["record"]]
        given = decoder.decode(header["args"])
        pairs = [(output, grad) for output, grad in zip(record.outputs, given, strict=True) if grad is not None]
        wanted = [*record.leaves, *record.mirrored, *record.own]
        grads: list[torch.Tensor | None] = [None] * len(wanted)
        if pairs and wanted:
            outputs, seeds = zip(*pairs, strict=True)
            grads = list(torch.autograd.grad(outputs, wanted, seeds, allow_unused=True, retain_graph=True))
        crossing = len(record.leaves) + len(record.mirrored)
        for parameter, grad in zip(record.own, grads[crossing:], strict=True):
            if grad is not None:
                parameter.grad = grad if parameter.grad is None else parameter.grad + grad
        return [None if grad is None else grad.detach() for grad in grads[:crossing]]

    def _changed(self, header: dict[str, Any], body: bytearray, before: bytes, encoder: Encoder) -> list[Any]:
        """Argument tensors whose bytes are no longer those that came, as (ordinal, new value)."""
        return [[ordinal, encoder.encode(new)] for ordinal, new in changed_arguments(header, body, before)]


def describe(value: Any) -> dict[str, Any]:
    """Kind, name and flags of something that stays here."""
    if isinstance(value, torch.nn.Module):
        flags = ["nn", "callable"]
        if next(value.parameters(), None) is not None:
            flags.append("parameters")
        if value.training:
            flags.append("training")
        if hasattr(type(value), "__len__"):
            flags.append("sized")
        return {"kind": "module", "name": clean_text(type(value).__name__, 120), "flags": flags}
    if isinstance(value, type):
        nn = ["nn"] if issubclass(value, torch.nn.Module) else []
        return {"kind": "class", "name": clean_text(value.__name__, 120), "flags": ["callable", *nn]}
    if isinstance(value, types.FunctionType | types.BuiltinFunctionType | types.MethodType):
        return {"kind": "function", "name": clean_text(value.__name__, 120), "flags": ["callable"]}
    flags = (["callable"] if callable(value) else []) + (["sized"] if hasattr(type(value), "__len__") else [])
    return {"kind": "instance", "name": clean_text(type(value).__name__, 120), "flags": flags}


def serve(fd: int) -> None:
    """Entry point in the jail: hold the conversation on `fd` until the examiner hangs up."""
    # Threads are denied here and OpenMP ends the process that cannot have them: a line many courses teach does nothing.
    for name in ("set_num_threads", "set_num_interop_threads"):
        setattr(torch, name, lambda number: None)
    Workspace(fd).serve()
