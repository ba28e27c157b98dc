"""What is said between processes, made up and mangled: each target takes one example and raises when something breaks.

`make fuzz` runs them for as long as one likes, `test_fuzz.py` for a moment.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from typing import Any

import torch
from hypothesis import assume
from hypothesis import strategies as st

from grader.agreement import disagreement
from grader.documents import NotThatDocument, verdict_from_json, verdict_to_json
from grader.examiner.gradients import is_parameter_note
from grader.examiner.link import Link
from grader.examiner.proxies import adopt, stand_in
from grader.examiner.remote_errors import CandidateLost, RemoteError, remote_error
from grader.examiner.spec import Assignment, Scope, Source, SuiteSpec, TestEntry
from grader.examiner.trace import Operation
from grader.examiners import Pipe
from grader.verdict import Words
from sandbox import messages
from sandbox.arguments import ArgumentDecoder, ArgumentEncoder
from sandbox.frames import (
    MAX_TEXT,
    PREFIX,
    Channel,
    ProtocolFault,
    Unsendable,
    clean_text,
    pack,
    parse_header,
    unpack_prefix,
)
from sandbox.wire import (
    MAX_DIMENSION,
    MAX_INTEGER,
    MAX_RANK,
    Decoder,
    Encoder,
)
from tests.fuzz.examples import (
    answers,
    arguments,
    as_json,
    bodies,
    documents,
    mangled,
    nodes,
    notes,
    packets,
    said,
)

SECONDS = 5.0
"""More than any answer to one example may take: an endless one is a finding."""

# From a candidate to the examiner ------------------------------------------------------------------------------------


def decoded(example: tuple[Any, bytes]) -> None:
    """Any node and any body are a value within the caps or a `ProtocolFault`."""
    node, body = example
    try:
        raw = parse_header(as_json(node))
        decoder = Decoder(bytearray(body), lambda note: note)
        value = decoder.decode(raw)
        decoder.finish()
    except ProtocolFault:
        return
    require_tame(value)


def require_tame(value: Any) -> None:
    """A value from outside has plain types, bounded sizes and clean texts, all the way down."""
    kind = type(value)
    if kind is str:
        assert len(value) <= MAX_TEXT
        assert clean_text(value) == value
    elif kind is int:
        assert abs(value) < MAX_INTEGER
    elif kind is torch.Tensor:
        assert value.layout is torch.strided
        assert not value.requires_grad
        assert value.dim() <= MAX_RANK
        assert max(value.shape, default=0) <= MAX_DIMENSION
        value.clone()  # every byte can be read
    elif kind in (list, tuple):
        for entry in value:
            require_tame(entry)
    elif kind is dict:
        for key, entry in value.items():
            assert type(key) in (str, int, bool, float, type(None))
            require_tame(entry)


def received(raw: bytes) -> None:
    """Any bytes on a job's socket are messages or a `ProtocolFault`."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(raw)
        theirs.shutdown(socket.SHUT_WR)
        channel = Channel(ours, time.monotonic() + SECONDS)
        try:
            for _ in range(100):
                channel.receive()
        except ProtocolFault:
            return
        raise AssertionError("more messages than bytes")


def noted(note: Any) -> None:
    """Any note of an error is a `RemoteError` within the allow-list or a `ProtocolFault`."""
    try:
        error = remote_error(parse_header(as_json(note)))
    except ProtocolFault:
        return
    assert isinstance(error, RemoteError)
    require_tame(error.raised.message)
    assert error.raised.type.isidentifier() or error.raised.type[0].isdigit()
    str(error), repr(error), error.describe(), error.out_of_memory


def replied(example: tuple[bytes, str]) -> None:
    """Whatever answers a request, `Link` gives a reply, a `RemoteError` or a `CandidateLost`, and is lost only once."""
    raw, what = example
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(raw)
        theirs.shutdown(socket.SHUT_WR)
        link = Link(Channel(ours, time.monotonic() + SECONDS), 0, stand_in=stand_in)
        leaf = torch.ones(2, 2, requires_grad=True)
        for _ in range(3):
            try:
                ask(link, what, leaf)
            except RemoteError:
                continue
            except CandidateLost:
                assert link.lost
                break
        require_tame(link.printed.text("stdout") + link.printed.text("stderr"))
        assert leaf.shape == (2, 2)
        link.restore_arguments()
        assert bool((leaf == 1).all())


def ask(link: Link, what: str, leaf: torch.Tensor) -> None:
    match what:
        case "load":
            link.load("x = 1", {})
        case "backward":
            grads = link.backward(1, [torch.ones(2)], 2)
            assert len(grads) == 2
        case "record":
            link.request(Operation.CALL, 0, args=(leaf, leaf.t()), record=True)
        case _:
            value = link.request(Operation.GET, 0, name="weight", args=(leaf.detach(),)).value
            if is_parameter_note(value):
                adopt(link, value)


# From the examiner to a candidate ------------------------------------------------------------------------------------


def passed(value: Any) -> None:
    """An argument arrives with its values, shape, strides and aliasing."""
    encoder = ArgumentEncoder(lambda _: {"id": 0})
    try:
        node = encoder.encode(value)
        frame = pack({"args": node, "sizes": encoder.sizes}, encoder.buffers)
    except Unsendable:
        return
    length, _ = unpack_prefix(frame[: PREFIX.size])
    header = json.loads(frame[PREFIX.size : PREFIX.size + length])
    decoder = ArgumentDecoder(bytearray(frame[PREFIX.size + length :]), header["sizes"], lambda number: number)
    require_same(decoder.decode(header["args"]), value, strides=True)
    assert not decoder.reshaped()


def returned(value: Any) -> None:
    """A result arrives with its values and shape."""
    encoder = Encoder(lambda _: {"id": 0, "kind": "instance", "name": "x", "flags": []})
    try:
        frame = pack({"r": encoder.encode(value)}, encoder.buffers)
    except Unsendable:
        return
    length, _ = unpack_prefix(frame[: PREFIX.size])
    header = parse_header(frame[PREFIX.size : PREFIX.size + length])
    decoder = Decoder(bytearray(frame[PREFIX.size + length :]), lambda note: note)
    got = decoder.decode(header["r"])
    decoder.finish()
    require_same(got, value, strides=False)


def require_same(got: Any, value: Any, *, strides: bool) -> None:
    if isinstance(value, torch.Tensor):
        plain = value.resolve_conj().resolve_neg()
        assert (got.dtype, got.shape) == (plain.dtype, plain.shape)
        assert torch.equal(got, plain)
        if strides and not value.is_conj() and plain.numel():
            assert got.is_contiguous() == plain.is_contiguous()
    elif isinstance(value, list | tuple):
        assert type(got) is type(value)
        assert len(got) == len(value)
        for one, other in zip(got, value, strict=True):
            require_same(one, other, strides=strides)
    elif isinstance(value, dict):
        assert list(got) == list(value)
        for key in value:
            require_same(got[key], value[key], strides=strides)
    else:
        assert got == value


# On the control socket, and from an examiner to the grader -----------------------------------------------------------


def understood(packet: bytes) -> None:
    """Any packet on the control socket is a message or `Malformed`; a message says itself again."""
    try:
        message = messages.decode(packet)
    except messages.Malformed:
        return
    assert messages.decode(messages.encode(message)) == message
    if isinstance(message, messages.Open):
        messages.check_limits(message.limits)


def repeated(message: messages.Message) -> None:
    """Every message survives the wire."""
    assert messages.decode(messages.encode(message)) == message


SPEC = SuiteSpec(
    "b/i", "r", "s", "b.md", (), Source("", 1), Source("", 1),
    (TestEntry("one", Words("", "One"), 2.0, False, 1), TestEntry("two", Words("", "Two"), 3.0, True, 2)),
    (), 1.0, 512, 16,
)  # fmt: skip
ASSIGNMENT = Assignment("", 0, Scope.ALL)


def judged(document: Any) -> None:
    """Any document is a verdict or `NotThatDocument`; one that agrees with the bank gives no more."""
    try:
        verdict = verdict_from_json(json.loads(as_json(document)))
    except NotThatDocument:
        return
    assert verdict_from_json(json.loads(json.dumps(verdict_to_json(verdict)))) == verdict
    if not disagreement(verdict, SPEC, ASSIGNMENT):
        assert 0 <= verdict.score <= verdict.max_score == 5
        assert (verdict.status == "passed") == (verdict.score == 5) or verdict.status != "passed"
        assert [test.name for test in verdict.tests] == ["one", "two"]


def answered(raw: bytes) -> None:
    """Any bytes from an examiner are messages, an end, or a `ValueError`; none is waited for in vain."""
    assume(len(raw) < 100_000)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(raw)
        theirs.shutdown(socket.SHUT_WR)
        pipe = Pipe(ours)
        try:
            while True:
                pipe.receive(SECONDS)
        except (EOFError, ValueError):
            pass


TARGETS: dict[str, tuple[Callable[[Any], None], st.SearchStrategy[Any]]] = {
    "decoded": (decoded, st.tuples(nodes, bodies)),
    "received": (received, mangled() | st.binary(max_size=200)),
    "noted": (noted, notes | nodes),
    "replied": (replied, st.tuples(mangled(), st.sampled_from(["load", "backward", "record", "get"]))),
    "passed": (passed, arguments()),
    "returned": (returned, arguments()),
    "understood": (understood, packets),
    "repeated": (repeated, said),
    "judged": (judged, documents | nodes),
    "answered": (answered, answers),
}
