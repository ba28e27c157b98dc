"""Examples for fuzzing: what the protocols say, and what they might be made to say."""

from __future__ import annotations

import json
import math
from typing import Any

import torch
from hypothesis import strategies as st

from sandbox import messages
from sandbox.frames import PREFIX
from sandbox.model import JobLimits, Limit, Outcome
from sandbox.wire import DTYPES

# What JSON can say, with the words of every protocol here among its keys and texts.
WORDS = """
x t d f h T D y r e out s dropped changed reshaped id kind name flags type base message lines stdout stderr
nan  inf -inf cpu float32 float64 bool int64 complex64 bfloat16 module class function instance nn parameters
parameter data  grad requires_grad v open kill hello opened refused ended rejected ref job limits reason
outcome limit version item  revision suite grader seed status score max_score tests verdict bank sandbox ran
passed RuntimeError ValueError  MemoryError __class__ __init__
""".split()
texts = st.sampled_from(WORDS) | st.text(max_size=12) | st.just("\ud800\u202e\x00")
numbers = (
    st.integers(-3, 40)
    | st.integers()
    | st.sampled_from([2**20, 2**20 + 1, 2**31, 2**53, 2**62, 2**63, -(2**63), 10**30])
)
plain = st.none() | st.booleans() | numbers | st.floats(allow_nan=False, allow_infinity=False) | texts
shapes = st.lists(st.integers(0, 3) | numbers, max_size=9)
tensor_nodes = st.fixed_dictionaries(
    {"x": st.tuples(st.sampled_from([*DTYPES, "qint8"]), shapes, st.booleans()).map(list) | st.lists(plain, max_size=4)}
)
handles = st.fixed_dictionaries(
    {
        "h": st.fixed_dictionaries(
            {
                "id": numbers,
                "kind": st.sampled_from(["module", "class", "function", "instance"]) | plain,
                "name": texts | plain,
                "flags": st.lists(texts, max_size=3) | plain,
            }
        )
    }
)
nodes = st.recursive(
    plain | tensor_nodes | handles,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.fixed_dictionaries({"t": st.lists(inner, max_size=4)})
        | st.fixed_dictionaries({"d": st.lists(st.lists(inner, min_size=2, max_size=2) | inner, max_size=4)})
        | st.dictionaries(texts, inner, max_size=3)
    ),
    max_leaves=16,
)
bodies = st.binary(max_size=96) | st.integers(0, 6).map(lambda n: bytes(16 * n))
notes = st.fixed_dictionaries(
    {}, optional={"type": nodes, "base": nodes, "message": nodes, "lines": st.lists(numbers, max_size=4) | nodes}
)
replies = st.fixed_dictionaries(
    {},
    optional={"r": nodes, "e": notes, "dropped": nodes, "changed": nodes, "reshaped": nodes, "out": texts, "s": texts},
)


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True, allow_nan=True).encode()


def framed(header: bytes, body: bytes) -> bytes:
    return PREFIX.pack(b"AW", 1, len(header), len(body)) + header + body


frames = st.builds(lambda header, body: framed(as_json(header), body), replies, bodies)


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """Frames one after the other, with bytes changed, cut out, doubled or put in."""
    raw = bytearray(b"".join(draw(st.lists(frames, min_size=1, max_size=3))))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(raw)))
        match draw(st.integers(0, 3)):
            case 0 if at < len(raw):
                raw[at] = draw(st.integers(0, 255))
            case 1:
                del raw[at : at + draw(st.integers(1, 20))]
            case 2:
                raw[at:at] = raw[: draw(st.integers(0, 40))]
            case _:
                raw[at:at] = draw(st.binary(max_size=8))
    return bytes(raw)


@st.composite
def arguments(draw: st.DrawFn) -> Any:
    """Values a suite might pass: tensors of every dtype, as views of one another, in containers."""
    bases = [draw(bases_of) for _ in range(draw(st.integers(1, 2)))]

    def view(tensor: torch.Tensor) -> torch.Tensor:
        for _ in range(draw(st.integers(0, 3))):
            match draw(st.integers(0, 4)):
                case 0 if tensor.dim() > 1:
                    tensor = tensor.transpose(0, -1)
                case 1 if tensor.dim() and tensor.size(0) > 1:
                    tensor = tensor[:: draw(st.integers(1, 2))]
                case 2 if tensor.dim() and tensor.size(-1) > 1:
                    tensor = tensor[..., 1:]
                case 3 if tensor.dim() < 6:
                    tensor = tensor.unsqueeze(0).expand(draw(st.integers(0, 3)), *tensor.shape)
                case 4 if tensor.is_complex():
                    tensor = tensor.conj()
        return tensor

    leaves = [view(draw(st.sampled_from(bases))) for _ in range(draw(st.integers(1, 4)))]
    entry = st.sampled_from(range(len(leaves))).map(leaves.__getitem__) | st.sampled_from(
        [None, True, 3, -(2**62), 1.5, math.inf, "文字", torch.float64, torch.device("cpu")]
    )
    return draw(
        st.recursive(
            entry,
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.lists(inner, max_size=3).map(tuple)
                | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3)
            ),
            max_leaves=8,
        )
    )


def _base(dtype: torch.dtype, shape: list[int], seed: int) -> torch.Tensor:
    values = torch.randint(0, 100, shape, generator=torch.Generator().manual_seed(seed))
    return values.to(dtype) if dtype is not torch.bool else values % 2 == 0


bases_of = st.builds(
    _base, st.sampled_from(list(DTYPES.values())), st.lists(st.integers(0, 4), max_size=4), st.integers(0, 2**31)
)


limits = st.builds(
    JobLimits,
    cpu_seconds=st.floats(0.01, 3600),
    memory_bytes=st.integers(1, 2**40),
    wall_seconds=st.none() | st.floats(0.01, 86400),
)
whole = st.integers(0, 2**53 - 1)
outcomes = st.builds(
    Outcome, st.none() | st.sampled_from(Limit), st.none() | whole, st.none() | whole,
    st.floats(0, 1e6), st.floats(0, 1e6), whole, whole,
)  # fmt: skip
said = st.one_of(
    st.builds(messages.Open, whole, limits),
    st.builds(messages.Kill, whole),
    st.builds(messages.Opened, whole, whole),
    st.builds(messages.Refused, whole, st.text(max_size=50)),
    st.builds(messages.Ended, whole, outcomes),
)
packets = (
    st.binary(max_size=300)
    | nodes.map(as_json)
    | st.builds(
        lambda message, at, byte: (raw := messages.encode(message))[: at % len(raw)] + byte + raw[at % len(raw) + 1 :],
        said, st.integers(0, 500), st.binary(max_size=2),
    )
    | st.builds(
        lambda message, key, value: json.dumps({**json.loads(messages.encode(message)), key: value}).encode(),
        said, st.sampled_from(["v", "type", "ref", "job", "limits", "outcome", "x"]), nodes,
    )
)  # fmt: skip
results = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["one", "two", "three"]),
        "title": st.sampled_from([{"zh": "", "en": "One"}, {"zh": "", "en": "Two"}]) | nodes,
        "status": st.sampled_from(["passed", "failed", "error", "not-run"]),
        "hidden": st.booleans(),
        "points": st.sampled_from([0.0, 2.0, 3.0, 5.0]) | numbers,
        "max_points": st.sampled_from([2.0, 3.0]) | numbers,
    },
    optional={"message": texts, "exception": nodes, "seconds": st.floats(0, 9), "comparison": nodes, "more": nodes},
)
documents = st.fixed_dictionaries(
    {
        "version": st.sampled_from([1, 1, 1, 2]),
        "item": st.sampled_from(["b/i", "b/i", "b/j"]),
        "revision": st.just("r"),
        "suite": st.just("s"),
        "grader": st.just(""),
        "seed": st.sampled_from([0, 0, 1]),
        "status": st.sampled_from(["passed", "partial", "failed", "error", "timeout", "crashed", "ungradable"]),
        "score": st.sampled_from([0.0, 2.0, 3.0, 5.0, 7.0]) | plain,
        "max_score": st.sampled_from([5.0, 5.0, 7.0]),
        "tests": st.lists(results, max_size=3),
    },
    optional={"key_points": nodes, "output": nodes, "resources": nodes, "diagnosis": nodes, "explanation": nodes},
)
answers = st.binary(max_size=64) | st.binary(max_size=64).map(lambda raw: len(raw).to_bytes(4, "big") + raw)
