"""The examiner's end of the conversation with one candidate.

A `Link` turns requests into frames and replies into values, keeps the trace that diagnosis reads, and remembers when
the candidate is lost.  Whatever arrives is a claim by hostile code; its form is checked by `sandbox.wire`.
"""

from __future__ import annotations

import hashlib
import logging
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch

from grader.examiner.remote_errors import CandidateLost, RemoteError, remote_error
from grader.examiner.trace import Operation, Step
from sandbox.frames import Channel, ProtocolFault, Unsendable, body_of, clean_text, pack
from sandbox.wire import ArgumentEncoder, Decoder, HandleNote

log = logging.getLogger(__name__)

OUTPUT_BYTES = 65536
MAX_OUTPUTS = 2 * OUTPUT_BYTES
"""Messages of output: an honest candidate sends at least a character with each, on two streams, up to the cap."""


@dataclass(slots=True)
class Printed:
    """What arrived as output while capture was open."""

    kept: dict[str, list[str]] = field(default_factory=lambda: {"stdout": [], "stderr": []})
    sizes: dict[str, int] = field(default_factory=lambda: {"stdout": 0, "stderr": 0})
    dropped: dict[str, int] = field(default_factory=lambda: {"stdout": 0, "stderr": 0})

    def add(self, stream: str, text: str) -> None:
        size = len(text.encode("utf-8", "replace"))
        room = OUTPUT_BYTES - self.sizes[stream]
        if size > room:
            self.dropped[stream] += size - room
            text = text.encode("utf-8", "replace")[:room].decode("utf-8", "ignore")
            size = room
        self.sizes[stream] += size
        self.kept[stream].append(text)

    def text(self, stream: str) -> str:
        return clean_text("".join(self.kept[stream]), OUTPUT_BYTES)


class Link:
    """One candidate, as the examiner speaks to it.  Not thread-safe; one per submission (or per phase of one)."""

    def __init__(self, channel: Channel, seed: int, *, stand_in: Callable[[Link, HandleNote], Any]) -> None:
        self._channel = channel
        self._seed = seed
        self._stand_in = stand_in
        self._proxies: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        self._freed: list[int] = []
        self._forgotten: list[int] = []
        self._modes: list[tuple[int, bool]] = []
        self._records = 0
        self._test = ""
        self._calls = 0
        self._fresh = True
        self.mirrors: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        self.lost: str | None = None
        """Why the candidate can no longer be spoken to, or None."""
        self.out_of_memory = False
        self.printed = Printed()
        self.capturing = True
        self._outputs = 0
        self._overwritten: list[tuple[torch.Tensor, torch.Tensor]] = []
        self._reshaped = False
        self.trace: list[Step] = []
        self.requests = 0

    def begin_test(self, name: str) -> None:
        """Seeds restart with each test, so that its outcome does not hang on the tests before it."""
        self._test = name
        self._calls = 0
        self._fresh = True
        self._modes.clear()

    def seed_for(self, test: str, call: int) -> int:
        """The seed of one call: the run's seed, the test and the call's number, mixed."""
        return derive_seed(self._seed, f"{test}:{call}")

    @property
    def arguments_changed(self) -> bool:
        """Whether the submission changed an argument in place since `restore_arguments`."""
        return self._reshaped or bool(self._overwritten)

    def restore_arguments(self) -> None:
        """Give the suite's tensors back the values they had: they may be seen by the next test or submission."""
        self._reshaped = False  # over there only: values cross back, shapes stay
        with torch.no_grad():
            while self._overwritten:
                argument, before = self._overwritten.pop()
                argument.copy_(before)

    # What proxies use -----------------------------------------------------------------------------------------------

    def proxy(self, note: HandleNote) -> Any:
        """The stand-in of a handle; the same handle keeps the same stand-in while that one lives."""
        proxy = self._proxies.get(note.id)
        if proxy is None:
            proxy = self._stand_in(self, note)
            self._proxies[note.id] = proxy
        return proxy

    def release(self, handle: int) -> None:
        self._freed.append(handle)

    def forget(self, record: int) -> None:
        self._forgotten.append(record)

    def set_mode(self, handle: int, training: bool) -> None:
        """Queue train/eval; it travels with the next request."""
        self._modes.append((handle, training))

    def request(
        self,
        operation: Operation,
        target: int = -1,
        *,
        name: str = "",
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
        record: bool = False,
    ) -> Reply:
        """Ask, wait, and give the reply.  Raises `RemoteError` for what the submission raised, else `CandidateLost`."""
        encoder = ArgumentEncoder(handle_node)
        call = self._calls
        self._calls += 1
        header: dict[str, Any] = {
            "op": operation, "target": target, "args": encoder.encode(args), "kwargs": encoder.encode(kwargs or {}),
            "seed": self.seed_for(self._test, call), "grad": torch.is_grad_enabled(),
        }  # fmt: skip
        if name:
            header["name"] = name
        arguments = list(encoder.tensors)
        self._conditions(header, encoder)
        mirrors: list[Any] = []
        if record:
            self._records += 1
            header["record"] = self._records
            mirrors = [mirror for mirror in list(self.mirrors.values()) if mirror.requires_grad]
            header["mirrors"] = [mirror.handle for mirror in mirrors]
        reply = self._exchange(header, encoder)
        reply.record = header.get("record")
        reply.arguments = arguments
        reply.mirrors = mirrors
        self._write_back(reply)
        return reply

    def _write_back(self, reply: Reply) -> None:
        """Bring in-place changes of arguments home.

        The suite may go on to compute what it expects from these very tensors, so a test in which this happened
        passes only when it is marked `in_place` (see `session`).
        """
        with torch.no_grad():
            for ordinal, tensor in reply.changed:
                if not 0 <= ordinal < len(reply.arguments):
                    raise self._lose("a change of an argument that was not sent")
                argument = reply.arguments[ordinal]
                if argument.shape != tensor.shape or argument.dtype != tensor.dtype:
                    raise self._lose("a change of an argument into one of another shape or type")
                tensor, argument = _unexpanded(tensor, argument), _unexpanded(argument, argument)
                before = argument.detach().clone()
                try:
                    argument.copy_(tensor)
                except RuntimeError:  # places that share memory in another way: known as changed, left as they were
                    argument = before
                self._overwritten.append((argument, before))

    def load(self, source: str, modules: dict[str, str]) -> dict[str, Any]:
        """Execute the submission; gives its public classes and functions as proxies."""
        encoder = ArgumentEncoder(handle_node)
        sources = {"submission": source.encode(), **{name: text.encode() for name, text in modules.items()}}
        encoder.buffers.extend(map(memoryview, sources.values()))
        header = {
            "op": Operation.LOAD, "sources": [[name, len(raw)] for name, raw in sources.items()],
            "seed": self.seed_for("", 0), "fresh": True,
        }  # fmt: skip
        try:
            names = self._exchange(header, encoder).value
        finally:
            self.trace.clear()  # whatever came of it: a replay of this step would run the submission here, unconfined
        if type(names) is not dict or not all(type(name) is str for name in names):
            raise self._lose("the list of names has no known form")
        return names

    def backward(self, record: int, grads: list[torch.Tensor | None], wanted: int) -> list[torch.Tensor | None]:
        """Gradients of a recorded call for its leaves and mirrors, given those of its outputs."""
        encoder = ArgumentEncoder(handle_node)
        header = {
            "op": Operation.BACKWARD,
            "record": record,
            "args": encoder.encode(list(grads)),
            "sizes": encoder.sizes,
        }
        values = self._exchange(header, encoder).value
        if type(values) is not list or len(values) != wanted:
            raise self._lose("a backward pass without its gradients")
        if not all(value is None or type(value) is torch.Tensor for value in values):
            raise self._lose("a backward pass without its gradients")
        return values

    # The exchange ---------------------------------------------------------------------------------------------------

    def _conditions(self, header: dict[str, Any], encoder: ArgumentEncoder) -> None:
        dtype = torch.get_default_dtype()
        if self._fresh:
            header["fresh"] = True
            header["dtype"] = encoder.encode(dtype)
            self._fresh = False
        elif dtype is not torch.float32:
            header["dtype"] = encoder.encode(dtype)
        changed = [mirror for mirror in list(self.mirrors.values()) if mirror.changed_here()]
        if changed:
            header["push"] = [[mirror.handle, encoder.encode(mirror.detach())] for mirror in changed]
            for mirror in changed:
                mirror.synchronised()
        if self._modes:
            header["modes"] = list(self._modes)
            self._modes.clear()
        if self._freed:
            header["free"] = [handle for handle in self._freed if handle not in self._proxies]
            self._freed.clear()
        if self._forgotten:
            header["forget"] = list(self._forgotten)
            self._forgotten.clear()
        header["sizes"] = encoder.sizes

    def _exchange(self, header: dict[str, Any], encoder: ArgumentEncoder) -> Reply:
        if self.lost is not None:
            raise CandidateLost(self.lost)
        frame = pack(header, encoder.buffers)
        step = Step(self._test, header, body_of(frame))
        self.trace.append(step)
        self.requests += 1
        try:
            self._channel.send(frame)
            answer, body = self._receive()
            decoder = Decoder(body, lambda note: self._note_handle(step, note))
            if "e" in answer:
                error = remote_error(answer["e"])
                step.error = error.raised.type
                if error.out_of_memory:
                    self.out_of_memory = True
                    self.lost = "memory"
                raise error
            value = decoder.decode(answer["r"])
            count = len(decoder.tensors)
            changed = self._read_changed(answer.get("changed", []), decoder)
            self._reshaped = self._reshaped or bool(answer.get("reshaped"))
            decoder.finish()
        except ProtocolFault as fault:
            raise self._lose(str(fault)) from fault
        except RemoteError:
            raise
        except Exception as error:  # whatever else a reply makes of its reading is the doing of who sent it
            log.warning("a reply could not be read", exc_info=True)
            raise self._lose("a reply that cannot be read") from error
        step.node = answer["r"]
        step.tensors = decoder.tensors[:count]
        return Reply(value, step.tensors, decoder.differentiable[:count], changed)

    def _note_handle(self, step: Step, note: HandleNote) -> Any:
        step.handles.append(note.id)
        return self.proxy(note)

    def _receive(self) -> tuple[dict[str, Any], bytearray]:
        while True:
            answer, body = self._channel.receive()
            if type(answer) is not dict:
                raise ProtocolFault("a message of no known form")
            self._note_dropped(answer.get("dropped"))
            if "out" not in answer:
                if ("r" in answer) == ("e" in answer):
                    raise ProtocolFault("a message of no known form")
                return answer, body
            stream, text = answer["out"], answer.get("s")
            if stream not in ("stdout", "stderr") or type(text) is not str or body:
                raise ProtocolFault("output of no known form")
            self._outputs += 1
            if self._outputs > MAX_OUTPUTS:
                raise ProtocolFault("more messages of output than a submission may send")
            if self.capturing:
                self.printed.add(stream, text)

    def _note_dropped(self, dropped: Any) -> None:
        if dropped is None or not self.capturing:
            return
        if (
            type(dropped) is not list
            or len(dropped) != 2
            or not all(type(n) is int and 0 <= n < 2**53 for n in dropped)
        ):
            raise ProtocolFault("a count of no known form")
        self.printed.dropped["stdout"], self.printed.dropped["stderr"] = dropped

    def _read_changed(self, changed: Any, decoder: Decoder) -> list[tuple[int, torch.Tensor]]:
        if type(changed) is not list:
            raise ProtocolFault("changes of no known form")
        result = []
        for entry in changed:
            if type(entry) is not list or len(entry) != 2 or type(entry[0]) is not int:
                raise ProtocolFault("changes of no known form")
            tensor = decoder.decode(entry[1])
            if type(tensor) is not torch.Tensor:
                raise ProtocolFault("changes of no known form")
            result.append((entry[0], tensor))
        return result

    def _lose(self, reason: str) -> CandidateLost:
        self.lost = self.lost or reason
        return CandidateLost(self.lost)


@dataclass(slots=True)
class Reply:
    """A reply's value and its tensors in order; `differentiable` is what the candidate claims of each."""

    value: Any
    tensors: list[torch.Tensor]
    differentiable: list[bool]
    changed: list[tuple[int, torch.Tensor]]
    record: int | None = None
    arguments: list[torch.Tensor] = field(default_factory=list)
    mirrors: list[Any] = field(default_factory=list)


def _unexpanded(tensor: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """`tensor` without the dimensions along which `like` repeats its memory: torch refuses to write those."""
    for dimension, (size, stride) in enumerate(zip(like.shape, like.stride(), strict=True)):
        if stride == 0 and size > 1:
            tensor = tensor.narrow(dimension, 0, 1)
    return tensor


def handle_node(value: Any) -> dict[str, Any]:
    """The node of a proxy given back as an argument.  Raises `Unsendable` for anything else local."""
    handle = getattr(type(value), "handle_of", None)
    if handle is None:
        raise Unsendable(f"a {type(value).__name__} cannot be given to a submission; tensors and plain values can")
    return {"id": handle(value)}


def derive_seed(seed: int, purpose: str) -> int:
    """A 63-bit seed for one purpose of a run."""
    digest = hashlib.blake2b(f"{seed}:{purpose}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
