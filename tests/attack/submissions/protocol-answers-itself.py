# item: scaled-dot-product-attention
# expect: crashed, failed, partial, error
# attack: takes the conversation over: a loop of its own that answers every request with plausible values
import json
import os
import struct

PREFIX = struct.Struct(">2sBxIQ")
real_write = os.write


def write_all(fd, data):
    while data:
        data = data[real_write(fd, data) :]


def hook(change):
    """Let `change(fd, header, body)` send in place of every frame that the candidate sends."""

    def write(fd, data):
        raw = bytes(data)
        if raw[:3] != b"AW\x01" or len(raw) < PREFIX.size:
            return real_write(fd, data)
        rest = raw
        while len(rest) >= PREFIX.size:  # replies to requests that were made together come together
            size, length = PREFIX.unpack_from(rest)[2:]
            end = PREFIX.size + size + length
            change(fd, json.loads(rest[PREFIX.size : PREFIX.size + size]), rest[PREFIX.size + size : end])
            rest = rest[end:]
        return len(raw)

    os.write = write


def frame(header, body=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return PREFIX.pack(b"AW", 1, len(text), len(body)) + text + body


def replace(node, change):
    """The node with every tensor node given to `change`."""
    if isinstance(node, list):
        return [replace(entry, change) for entry in node]
    if isinstance(node, dict):
        return change(node) if set(node) == {"x"} else {key: replace(entry, change) for key, entry in node.items()}
    return node
import os
import stat


def sockets():
    """Every descriptor of this process that is a socket."""
    found = []
    for fd in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                found.append(fd)
        except OSError:
            pass
    return found


def read_all(fd, size):
    data = b""
    while len(data) < size:
        piece = os.read(fd, size - len(data))
        if not piece:
            os._exit(0)
        data += piece
    return data


note = {"id": 1, "kind": "class", "name": "ScaledDotProductAttention", "flags": ["callable", "nn"]}
module = {"id": 2, "kind": "module", "name": "ScaledDotProductAttention", "flags": ["nn", "callable"]}
fd = sockets()[0]
write_all(fd, frame({"r": {"d": [["ScaledDotProductAttention", {"h": note}]]}}))
while True:
    _, _, size, length = PREFIX.unpack(read_all(fd, PREFIX.size))
    asked = json.loads(read_all(fd, size))
    body = read_all(fd, length)
    for request, _ in asked.get("do", ()):
        if request.get("target") == 1:
            write_all(fd, frame({"r": {"h": module}}))
        elif request.get("op") == "length":
            write_all(fd, frame({"r": 2}))
        else:
            zero = {"x": ["float32", [], True]}
            write_all(fd, frame({"r": {"t": [zero, zero]}}, bytes(32)))
