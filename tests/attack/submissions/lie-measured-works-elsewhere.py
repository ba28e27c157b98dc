# item: measured-attention
# expect: partial
# at-most: 0.6
# limit-seconds: 8
# attack: has a thread or a process do its work, whose time would be nobody's
import os
import threading

import torch


def blockwise(q, k, v, block):
    top, total, out = torch.full(q.shape[:1], float("-inf")), torch.zeros(q.shape[0]), torch.zeros_like(q)
    for start in range(0, k.shape[0], block):
        scores = q @ k[start : start + block].T / q.shape[1] ** 0.5
        new = torch.maximum(top, scores.amax(1))
        weights, keep = (scores - new[:, None]).exp(), (top - new).exp()
        total, out, top = total * keep + weights.sum(1), out * keep[:, None] + weights @ v[start : start + block], new
    return out / total[:, None]


def slowly(x):
    parts = []
    for start in range(0, len(x), 100):
        seen = torch.arange(len(x)) <= torch.arange(start, min(start + 100, len(x)))[:, None]
        parts.append(seen.float() @ x / seen.sum(1, keepdim=True))
    return torch.cat(parts)


def running(x):
    found = []
    try:
        thread = threading.Thread(target=lambda: found.append(slowly(x)))
        thread.start()
        thread.join()
        return found[0]
    except RuntimeError:
        pass
    try:
        heard, said = os.pipe()
        if os.fork() == 0:
            os.write(said, slowly(x).numpy().tobytes())
            os._exit(0)
        raw = bytearray()
        while len(raw) < 4 * x.numel():
            raw += os.read(heard, 1 << 16)
        return torch.frombuffer(raw, dtype=torch.float32).view(x.shape)
    except OSError:
        return slowly(x)
