"""The examiner's end of the conversation with one candidate.

A `Link` turns requests into frames and replies into values, keeps the trace that diagnosis reads, and remembers when
the candidate is lost.  Whatever arrives is a claim by hostile code; its form is checked by `sandbox.wire`.
"""

from __future__ import annotations

import hashlib
import logging
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import torch

from grader.examiner.conversation import Conversation, Printed
from grader.examiner.leaning import Leaning
from grader.examiner.meter import Meter
from grader.examiner.overwriting import Overwritten, write_back
from grader.examiner.plan import Plan, asks_back
from grader.examiner.recalling import Recalling
from grader.examiner.remote_errors import CandidateLost, RemoteError, remote_error
from grader.examiner.trace import CALLS, Operation, Step
from sandbox.arguments import ArgumentEncoder
from sandbox.frames import Channel, ProtocolFault, Unsendable, join
from sandbox.wire import Decoder, HandleNote

log = logging.getLogger(__name__)

MANY = 100
"""Recorded calls of one test that a candidate may keep beyond their use."""

Limits = tuple[float, float]  # seconds of processor time, and of the clock on the wall from now on


class Link:
    """One candidate, as the examiner speaks to it.  Not thread-safe; one per submission (or per phase of one).

    With a `plan`, the requests of a test that can be foreseen go out together (see `grader.examiner.plan`).
    """

    asked = 0
    """Requests of all links of this process."""

    def __init__(
        self,
        channel: Channel,
        seed: int,
        *,
        stand_in: Callable[[Link, HandleNote], Any],
        plan: Plan | None = None,
        recording: bool = False,
        recalling: Recalling | None = None,
        meter: Meter | None = None,
    ) -> None:
        self._conversation = Conversation(recalling or channel, plan or Plan())
        self.recalling = recalling
        """What is remembered of other conversations with this suite."""
        self.meter = meter
        """Where its suite measures what calls use."""
        self._seed = seed
        self._stand_in = stand_in
        self.leaning = Leaning() if recording else None
        """What becomes of this test's replies; followed only while a plan is made."""
        self._proxies: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        self._freed: list[int] = []
        self._forgotten: list[int] = []
        self._modes: list[tuple[int, bool]] = []
        self._test = ""
        self._calls = 0
        self._fresh = True
        self.mirrors: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
        self.lost: str | None = None
        """Why the candidate can no longer be spoken to, or None."""
        self.out_of_memory = False
        self._overwritten: list[Overwritten] = []
        self._reshaped = False
        self.trace: list[Step] = []
        self.requests = 0

    @property
    def printed(self) -> Printed:
        """What the submission has printed while `capturing`."""
        return self._conversation.printed

    @property
    def capturing(self) -> bool:
        """Whether what it prints is kept; not once hidden tests have begun."""
        return self._conversation.capturing

    @property
    def at(self) -> tuple[int, ...]:
        """The lines that it says it was on, shortly before a limit, while `capturing`."""
        return self._conversation.at

    @property
    def plain(self) -> bool:
        """Whether its candidate found that the source only defines things."""
        return self._conversation.plain

    def close_capture(self) -> None:
        """Keep no more of what is printed."""
        self._conversation.capturing = False

    def begin_test(self, name: str, following: str | None = None) -> None:
        """Seeds restart with each test, so that its outcome does not hang on the tests before it.

        `following` is the test that comes next, where it may be asked ahead.
        """
        self._test = name
        self._calls = 0
        self._fresh = True
        self._modes.clear()
        if self.leaning is not None:
            self.leaning.begin_test()
        if (recalling := self.recalling) is not None:
            self._unless_lost(lambda: recalling.begin_test(name))
        self._unless_lost(lambda: self._conversation.begin_test(name, following))

    def end_test(self) -> None:
        """Take in what was answered ahead and never asked for, and let go of what the test has let go of."""
        self._unless_lost(self._conversation.end_test)
        self._unless_lost(self._let_go)

    def _unless_lost(self, act: Callable[[], None]) -> None:
        """Do it; whether the candidate was lost over it is for the test's next request to find, or for its end."""
        if self.lost is None:
            try:
                act()
            except ProtocolFault as fault:
                self._lose(str(fault))

    def _let_go(self) -> None:
        handles: list[int] = []
        if self._conversation.settled:
            handles = [handle for handle in self._freed if handle not in self._proxies]
            self._freed.clear()
        if handles or self._forgotten:
            self._conversation.forget(handles, self._forgotten)
            self._forgotten = []

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
        measuring = self.meter if operation in CALLS and self.meter is not None and self.meter.waiting else None
        if measuring is not None:
            header["measured"] = True
        arguments = list(encoder.tensors)
        self._conditions(header, encoder)
        mirrors: list[Any] = []
        if record:
            header["record"] = True
            mirrors = [mirror for mirror in list(self.mirrors.values()) if mirror.requires_grad]
            header["mirrors"] = [mirror.handle for mirror in mirrors]
        waits = asks_back(operation, header) or (self.leaning is not None and self.leaning.leans(arguments))
        reply = self._exchange(header, encoder, waits=waits, measuring=measuring)
        reply.record = header["n"] if record else None
        reply.arguments = arguments
        reply.mirrors = mirrors
        self._write_back(reply)
        return reply

    def _write_back(self, reply: Reply) -> None:
        """Bring in-place changes of arguments home.

        The suite may go on to compute what it expects from these very tensors, so a test in which this happened
        passes only when it is marked `in_place` (see `session`).
        """
        try:
            write_back(reply.changed, reply.arguments, self._overwritten)
        except ProtocolFault as fault:
            raise self._lose(str(fault)) from fault

    def load(
        self,
        source: str,
        modules: dict[str, str],
        limits: Limits | None = None,
        *,
        alone: bool = False,
        wanted: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Execute the submission; gives its public classes and functions as proxies.

        With `limits` it tells where it is shortly before they end it, and `alone` asks whether it need be run at all.
        The `wanted` names have the same handles in every submission, whatever else it defines.
        """
        more = {**({"alone": True} if alone else {}), **({"wanted": list(wanted)} if wanted else {})}
        if self.meter is not None:
            more["measured"] = True
        names = self._execute(Operation.LOAD, {"submission": source, **modules}, limits, more)
        if type(names) is not dict or not all(type(name) is str for name in names):
            raise self._lose("the list of names has no known form")
        return names

    def run(self, source: str, limits: Limits | None = None) -> None:
        """Execute the submission as a program.  Raises `RemoteError` where it does not end well."""
        self._execute(Operation.RUN, {"submission": source}, limits, {})

    def _execute(
        self, operation: Operation, sources: dict[str, str], limits: Limits | None, more: dict[str, Any]
    ) -> Any:
        encoder = ArgumentEncoder(handle_node)
        raw = {name: text.encode() for name, text in sources.items()}
        encoder.buffers.extend(map(memoryview, raw.values()))
        header: dict[str, Any] = {
            "op": operation, "sources": [[name, len(text)] for name, text in raw.items()],
            "seed": self.seed_for("", 0), "fresh": True, **more,
        }  # fmt: skip
        if limits is not None:
            header["limits"] = limits
        try:
            return self._exchange(header, encoder).value
        finally:
            self.trace.clear()  # whatever came of it: a replay of this step would run the submission here, unconfined

    def backward(self, record: int, grads: list[torch.Tensor | None], wanted: int) -> list[torch.Tensor | None]:
        """Gradients of a recorded call for its leaves and mirrors, given those of its outputs."""
        encoder = ArgumentEncoder(handle_node)
        header = {
            "op": Operation.BACKWARD,
            "record": record,
            "args": encoder.encode(list(grads)),
            "sizes": encoder.sizes,
        }
        values = self._exchange(header, encoder, waits=True).value
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
        header["sizes"] = encoder.sizes

    def _exchange(
        self, header: dict[str, Any], encoder: ArgumentEncoder, *, waits: bool = False, measuring: Meter | None = None
    ) -> Reply:
        if self.lost is not None:
            raise CandidateLost(self.lost)
        body = join(encoder.buffers)
        step = Step(self._test, header, body, waits)
        try:
            if len(self._forgotten) > MANY:  # each holds a graph over there
                self._let_go()
            step.place = self._conversation.ask(header, body, measuring)
            self.trace.append(step)
            self.requests += 1
            Link.asked += 1
            answer, received = self._conversation.answer()
            if measuring is not None and not measuring.end():
                raise self._lose("it ended while it was measured")
            decoder = Decoder(received, lambda note: self._note_handle(step, note))
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
        except (RemoteError, Unsendable):
            raise
        except Exception as error:  # whatever else a reply makes of its reading is the doing of who sent it
            log.warning("a reply could not be read", exc_info=True)
            raise self._lose("a reply that cannot be read") from error
        step.node = answer["r"]
        step.tensors = decoder.tensors[:count]
        if self.leaning is not None:
            self.leaning.answered(value, step.tensors)
        return Reply(value, step.tensors, decoder.differentiable[:count], changed)

    def _note_handle(self, step: Step, note: HandleNote) -> Any:
        step.handles.append(note.id)
        return self.proxy(note)

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


def handle_node(value: Any) -> dict[str, Any]:
    """The node of a proxy given back as an argument.  Raises `Unsendable` for anything else local."""
    handle = getattr(type(value), "handle_of", None)
    if handle is None:
        raise Unsendable(f"a {type(value).__name__} cannot be given to a submission; tensors and plain values can")
    return {"id": handle(value)}


@lru_cache(8192)
def derive_seed(seed: int, purpose: str) -> int:
    """A 63-bit seed for one purpose of a run."""
    digest = hashlib.blake2b(f"{seed}:{purpose}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
