"""What a candidate sends is hostile: a malformed frame is a typed refusal, and nothing is allocated unchecked."""

import json
import math
import socket
import time

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.arguments import ArgumentDecoder, ArgumentEncoder
from sandbox.frames import (
    MAX_BODY,
    MAX_HEADER,
    PREFIX,
    Channel,
    DeadlinePassed,
    PeerGone,
    ProtocolFault,
    Unsendable,
    clean_text,
    pack,
    parse_header,
    unpack_prefix,
)
from sandbox.wire import MAX_DEPTH, MAX_NODES, Decoder, Encoder


def no_handle(note):
    raise AssertionError("no handle was expected")


def decode(node, body=b""):
    decoder = Decoder(bytearray(body), no_handle)
    value = decoder.decode(node)
    decoder.finish()
    return value


def across(value):
    """A value through encoder, frame and decoder."""
    encoder = Encoder(no_handle)
    frame = pack({"r": encoder.encode(value)}, encoder.buffers)
    header_length, body_length = unpack_prefix(frame[: PREFIX.size])
    header = parse_header(frame[PREFIX.size : PREFIX.size + header_length])
    body = frame[PREFIX.size + header_length :]
    assert len(body) == body_length
    return decode(header["r"], body)


@pytest.mark.parametrize(
    "value",
    [None, True, 3, -(2**62), 1.5, "文字", [1, (2, {"k": [3.0]})], (), {}, torch.float64],
)
def test_plain_values_cross_unchanged(value):
    assert across(value) == value


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_non_finite_numbers_cross(value):
    assert across(value) == value
    assert math.isnan(across(math.nan))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.bool,
                                   torch.complex64, torch.uint8])  # fmt: skip
@pytest.mark.parametrize("shape", [(), (0,), (1,), (2, 3), (2, 0, 4), (3, 2, 5)])
def test_tensors_cross_by_value(dtype, shape):
    tensor = (torch.rand(shape) * 4).to(dtype)
    assert torch.equal(across(tensor), tensor)
    assert torch.equal(
        across(tensor.transpose(0, -1) if shape else tensor), tensor.transpose(0, -1) if shape else tensor
    )


def test_expanded_and_conjugated_tensors_cross_as_their_values():
    expanded = torch.tensor([[1.0], [2.0]]).expand(2, 5)
    assert torch.equal(across(expanded), expanded)
    conjugate = torch.tensor([1 + 2j]).conj()
    assert torch.equal(across(conjugate), conjugate.resolve_conj())


@pytest.mark.parametrize(
    "tensor",
    [
        torch.eye(3).to_sparse(),
        torch.empty(3, device="meta"),
        torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
        torch.ones(1).expand(2**21),
        torch.ones((1,) * 9),
    ],
)
def test_what_is_not_a_plain_dense_tensor_is_a_typed_error(tensor):
    with pytest.raises(Unsendable):
        across(tensor)


def test_a_tensor_subclass_is_a_typed_error():
    class Liar(torch.Tensor):
        pass

    with pytest.raises(Unsendable, match="subclass"):
        across(torch.ones(2).as_subclass(Liar))


def test_a_tuple_subclass_arrives_as_a_plain_tuple():
    class Lying(tuple):
        def __iter__(self):
            return iter((1, 2, 3))

    assert across(Lying((7, 8))) == (7, 8)


@pytest.mark.parametrize(
    ("node", "body"),
    [
        ({"x": ["float32", [2], False]}, b"\0" * 16 + b"\0" * 16),  # more bytes than the tensor has
        ({"x": ["float32", [2, 3], False]}, b"\0" * 8),  # fewer
        ({"x": ["float32", [-1], False]}, b""),
        ({"x": ["float32", [2**20 + 1], False]}, b""),
        ({"x": ["float32", [2**20, 2**20, 2**20], False]}, b""),
        ({"x": ["float32", [0, 2**30], False]}, b""),
        ({"x": ["float32", [1] * 9, False]}, b"\0" * 16),
        ({"x": ["float32", [True], False]}, b"\0" * 16),
        ({"x": ["float32", [1.0], False]}, b"\0" * 16),
        ({"x": ["qint8", [1], False]}, b"\0" * 16),
        ({"x": ["object", [1], False]}, b"\0" * 16),
        ({"x": ["float32", [1], 1]}, b"\0" * 16),
        ({"x": "float32"}, b""),
        ({"y": ["float32", [1], [1], 0, 0, False]}, b"\0" * 16),  # an argument's form, from a candidate
        ({"t": {"0": 1}}, b""),
        ({"d": [[1]]}, b""),
        ({"d": {"a": 1}}, b""),
        ({"f": "1e999"}, b""),
        ({"T": "__class__"}, b""),
        ({"D": "cuda"}, b""),
        ({"a": 1}, b""),
        ({"t": [], "d": []}, b""),
        ({}, b""),
        (2**63, b""),
        (1e400, b""),
        ("x" * 5000, b""),
        ({"h": {"id": -1, "kind": "module", "name": "x", "flags": []}}, b""),
        ({"h": {"id": 1, "kind": "examiner", "name": "x", "flags": []}}, b""),
        ({"h": {"id": 1, "kind": "module", "name": 3, "flags": []}}, b""),
        ({"h": [1]}, b""),
    ],
)
def test_a_malformed_value_is_refused(node, body):
    with pytest.raises(ProtocolFault):
        decode(node, body)


def test_deep_and_wide_values_are_refused():
    node = 0
    for _ in range(MAX_DEPTH + 2):
        node = [node]
    with pytest.raises(ProtocolFault):
        decode(node)
    with pytest.raises(ProtocolFault):
        decode([0] * (MAX_NODES + 1))


def test_json_deeper_than_a_stack_is_refused():
    with pytest.raises(ProtocolFault):
        parse_header(b"[" * 200_000)
    with pytest.raises(ProtocolFault):
        parse_header(b'{"r": NaN}')
    with pytest.raises(ProtocolFault):
        parse_header(b"\xff\xfe")
    with pytest.raises(ProtocolFault):
        parse_header(b"1" * 10_000)


def test_a_bool_of_any_byte_is_a_bool():
    assert decode({"x": ["bool", [3], False]}, bytes([0, 7, 255]) + bytes(13)).tolist() == [False, True, True]


def test_a_declared_length_over_the_cap_is_refused_before_anything_is_read():
    with pytest.raises(ProtocolFault):
        unpack_prefix(PREFIX.pack(b"AW", 1, MAX_HEADER + 1, 0))
    with pytest.raises(ProtocolFault):
        unpack_prefix(PREFIX.pack(b"AW", 1, 0, MAX_BODY + 1))
    with pytest.raises(ProtocolFault):
        unpack_prefix(PREFIX.pack(b"AW", 2, 0, 0))
    with pytest.raises(ProtocolFault):
        unpack_prefix(PREFIX.pack(b"xx", 1, 0, 0))


def test_one_deadline_covers_sending_and_receiving():
    ours, theirs = socket.socketpair()
    channel = Channel(ours, time.monotonic() + 0.15)
    started = time.monotonic()
    with pytest.raises(DeadlinePassed):
        channel.receive()
    with pytest.raises(DeadlinePassed):
        channel.send(bytes(10_000_000))  # the peer reads nothing
    assert time.monotonic() - started < 1
    theirs.close()
    with pytest.raises(PeerGone):
        Channel(ours, time.monotonic() + 1).receive()


def test_a_candidate_has_a_budget_of_bytes():
    ours, theirs = socket.socketpair()
    theirs.sendall(pack({"r": "x" * 1000}) * 3)
    channel = Channel(ours, time.monotonic() + 1, budget=2500)
    channel.receive()
    channel.receive()
    with pytest.raises(ProtocolFault, match="more bytes"):
        channel.receive()


def test_text_loses_what_would_act_on_a_screen():
    assert clean_text("a\x00b\x1b[31mc\ud800d\u202ee\nf\tg\x9b") == "ab[31mcde\nf\tg"


def test_arguments_keep_strides_aliasing_and_requires_grad():
    base = torch.arange(12.0).reshape(3, 4)
    one, two = base.t(), base[1:]
    leaf = torch.ones(2, dtype=torch.float64, requires_grad=True)
    encoder = ArgumentEncoder(no_handle)
    node = encoder.encode((one, two, leaf, base.expand(2, 3, 4)))
    frame = pack({"args": node, "sizes": encoder.sizes}, encoder.buffers)
    length, _ = unpack_prefix(frame[: PREFIX.size])
    body = bytearray(frame[PREFIX.size + length :])
    decoder = ArgumentDecoder(body, encoder.sizes, no_handle)
    got_one, got_two, got_leaf, got_wide = decoder.decode(json.loads(json.dumps(node)))
    assert torch.equal(got_one, one)
    assert got_one.stride() == one.stride()
    assert torch.equal(got_wide, base.expand(2, 3, 4))
    assert got_leaf.requires_grad
    assert got_leaf.dtype is torch.float64
    got_two.zero_()
    assert got_one[:, 1:].sum() == 0  # they share memory over there as they do here


nodes = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["x", "t", "d", "f", "h", "T", "D", "y", "q"]), inner, max_size=2)
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(node=nodes, body=st.binary(max_size=64))
def test_any_node_is_a_value_or_a_refusal(node, body):
    decoder = Decoder(bytearray(body), lambda note: object())
    try:
        decoder.decode(node)
        decoder.finish()
    except ProtocolFault:
        pass


@settings(max_examples=200, deadline=None)
@given(raw=st.binary(max_size=200))
def test_any_bytes_on_the_socket_are_a_message_or_a_refusal(raw):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(raw)
        theirs.shutdown(socket.SHUT_WR)
        with pytest.raises(ProtocolFault):
            Channel(ours, time.monotonic() + 1).receive()


def test_keys_that_are_no_plain_values_become_short_texts():
    tensor = ["x", ["float32", [1], False]]
    node = {"d": [[{"t": [1, "a"]}, 1], [{"t": [dict([tensor])] * 2}, 2], [{"T": "float32"}, 3]]}
    decoder = Decoder(bytearray(32), lambda note: None)
    assert decoder.decode(node) == {"(1, 'a')": 1, "<tuple 1>": 2, "<dtype 2>": 3}


@pytest.mark.parametrize(
    "node",
    [
        {"h": {"id": 0, "kind": [], "name": "", "flags": []}},
        {"x": ["float32", [0, *[2**20] * 7], False]},
        {"f": ["nan"]},
        {"T": []},
        {"x": [[], [1], False]},
    ],
)
def test_odd_nodes_are_faults_and_nothing_else(node):
    with pytest.raises(ProtocolFault):
        Decoder(bytearray(16), lambda note: None).decode(node)
