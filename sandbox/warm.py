"""What the server does once, so that no candidate pays for it: a neutral exercise of torch.

Nothing of an item, a test or a submission may ever enter this process: what it holds, every later candidate could read.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import random
import sys
from pathlib import Path
from typing import Final

# Modules that submissions import; every one costs its candidate milliseconds when it is not here yet.
STANDARD_MODULES: Final = """
__future__ abc argparse array ast atexit base64 bisect builtins cmath code codecs collections collections.abc
concurrent.futures contextlib contextvars copy csv ctypes dataclasses datetime decimal difflib dis enum errno fractions
functools gc glob hashlib heapq hmac importlib importlib.util inspect io itertools json keyword linecache logging
logging.handlers math mmap multiprocessing numbers operator os os.path pathlib pickle pkgutil platform pprint queue
random re reprlib resource secrets select selectors shutil signal socket statistics stat string struct subprocess sys
tempfile textwrap threading time timeit token tokenize traceback types typing typing_extensions unicodedata unittest
unittest.mock uuid warnings weakref zlib
""".split()


def warm() -> None:
    """Import what submissions import and run once what they run, leaving every generator at seed 0."""
    for name in STANDARD_MODULES:
        importlib.import_module(name)
    for library in _libraries_behind(_extension_modules()):
        ctypes.CDLL(library)
    import numpy as np
    import torch

    torch.set_num_threads(1)
    with contextlib.suppress(RuntimeError):  # refused once it has been set
        torch.set_num_interop_threads(1)
    _exercise_layers()
    _exercise_tensors()
    _exercise_checks()
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)


def prove_backward() -> None:
    """Run a backward pass; raises where autograd does not survive a fork."""
    import torch

    x = torch.ones(2, 3, requires_grad=True)
    (torch.softmax(x @ x.T, -1) ** 2).sum().backward()  # type: ignore[no-untyped-call]
    if x.grad is None or not bool(torch.isfinite(x.grad).all()):
        raise RuntimeError("a backward pass gave no gradient")


def cpu_capability() -> str:
    """The instruction set torch chose; an examiner's must be equal, or bits differ."""
    import torch

    return str(torch.backends.cpu.get_cpu_capability())


def torch_version() -> str:
    """The version of torch in this process."""
    import torch

    return str(torch.__version__)


def settle() -> None:
    """Drop garbage and keep the collector from touching, and so copying, what candidates share."""
    for _ in range(3):
        gc.collect()
    gc.freeze()


def thread_count() -> int:
    """How many threads this process has; needs /proc."""
    return len(os.listdir("/proc/self/task"))


def _extension_modules() -> list[str]:
    """The standard library's compiled modules, without tkinter, which would bring a window system."""
    folders = [Path(folder) for folder in sys.path if folder.endswith("lib-dynload")]
    names = {file.name.split(".")[0] for folder in folders for file in folder.glob("*.so")}
    return sorted(name for name in names if name != "_tkinter" and "test" not in name and not name.startswith("xx"))


def _libraries_behind(modules: list[str]) -> list[str]:
    """The system's shared libraries that importing `modules` loads, learned by a child that does it.

    Candidates see no library of the system, so what is to be had later must be in memory: the libraries, not the
    modules, whose many mappings would make every fork dearer.
    """
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            for name in modules:
                with contextlib.suppress(ImportError):  # built without the library it wraps
                    importlib.import_module(name)
            os.write(theirs, "\n".join(_mapped_libraries()).encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with open(ours) as pipe:
        wanted = pipe.read().splitlines()
    os.waitpid(pid, 0)
    have = set(_mapped_libraries())
    folders = [folder for folder in sys.path if folder.endswith("lib-dynload")]
    return [
        file for file in wanted if file not in have and not file.startswith(tuple(folders)) and os.path.exists(file)
    ]


def _mapped_libraries() -> list[str]:
    maps = Path("/proc/self/maps").read_text().splitlines()
    return sorted({line.split(None, 5)[5] for line in maps if "/" in line and ".so" in line})


def _exercise_layers() -> None:
    import torch
    import torch.nn.functional as F
    from torch import nn

    x = torch.randn(2, 5, 8, requires_grad=True)  # (B, L, D)
    blocked = torch.tril(torch.ones(5, 5)) == 0  # (L, L)
    model = nn.Sequential(nn.Linear(8, 8), nn.GELU(), nn.Dropout(0.1), nn.LayerNorm(8), nn.Linear(8, 8), nn.ReLU())
    attention = nn.MultiheadAttention(8, 2, batch_first=True)
    parameters = [*model.parameters(), *attention.parameters()]
    for optimizer in (
        torch.optim.SGD(parameters, lr=0.1, momentum=0.9),
        torch.optim.Adam(parameters),
        torch.optim.AdamW(parameters),
    ):
        optimizer.zero_grad()
        hidden = model(x)  # (B, L, D)
        scores = (hidden @ hidden.transpose(-2, -1) / 8**0.5).masked_fill(blocked, float("-inf"))  # (B, L, L)
        weights = F.dropout(F.softmax(scores, dim=-1), 0.1, training=True)  # (B, L, L)
        attended, _ = attention(hidden, hidden, hidden, attn_mask=blocked)  # (B, L, D)
        fused = F.scaled_dot_product_attention(hidden, hidden, hidden, is_causal=True)  # (B, L, D)
        loss = (weights @ hidden + attended + fused).pow(2).mean() + F.cross_entropy(hidden[:, 0], torch.tensor([0, 1]))
        torch.autograd.backward(loss)
        optimizer.step()
    nn.utils.clip_grad_norm_(parameters, 1.0)
    state = {name: value.clone() for name, value in model.state_dict().items()}
    model.load_state_dict(state)
    model.eval()
    with torch.no_grad():
        model(x)
        attention(x, x, x)
        F.scaled_dot_product_attention(x, x, x, attn_mask=~blocked)
    with torch.inference_mode():
        nn.Embedding(4, 8)(torch.tensor([[0, 1]]))
    encoder = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    encoder(x).sum().backward()
    nn.init.xavier_uniform_(torch.empty(4, 4))
    repr(model)


def _exercise_tensors() -> None:
    import einops
    import numpy as np
    import torch

    for dtype in (torch.float32, torch.float64, torch.float16, torch.bfloat16):
        a = torch.randn(2, 3, 4).to(dtype).requires_grad_()  # (B, L, D)
        out = torch.einsum("bid,bjd->bij", a, a)  # (B, L, L)
        torch.softmax(out, -1).sum().backward()  # type: ignore[no-untyped-call]
        torch.bmm(a, a.mT)
        repr(a)
    x = torch.arange(24.0).reshape(2, 3, 4)
    einops.rearrange(x, "b l (h d) -> b h l d", h=2)
    einops.reduce(x, "b l d -> b d", "mean")
    einops.repeat(x, "b l d -> b l d r", r=2)
    einops.einsum(x, x, "b i d, b j d -> b i j")
    q = x.view(2, 3, 2, 2).permute(0, 2, 1, 3).contiguous()  # (B, H, L, d)
    torch.cat([q, q.clone()], -1).split(2, dim=-1)  # type: ignore[no-untyped-call]
    torch.stack([x, x]).sum((0, 1)).argmax().item()
    torch.where(x > 3, x, torch.zeros_like(x)).tril().log_softmax(-1).exp().topk(2)
    torch.from_numpy(np.ones((2, 2), dtype=np.float32)).numpy().sum()
    np.einsum("ij,jk->ik", np.eye(2), np.random.default_rng(0).normal(size=(2, 2)))
    generator = torch.Generator().manual_seed(1)
    torch.rand(3, generator=generator)
    torch.frombuffer(bytearray(16), dtype=torch.float32)
    torch.bernoulli(torch.full((3,), 0.5))
    # Large enough for the blocked kernels, which read the processor's features when first used.
    big = torch.randn(64, 256)
    torch.nn.functional.linear(big, torch.randn(256, 256), torch.zeros(256))
    big.double() @ big.double().T
    big.bfloat16() @ big.bfloat16().T


def _exercise_checks() -> None:
    import torch

    with contextlib.suppress(AssertionError):
        torch.testing.assert_close(torch.zeros(3), torch.ones(3))
    torch.testing.assert_close(torch.zeros(3), torch.zeros(3))
    x = torch.randn(2, 2, dtype=torch.float64, requires_grad=True)
    torch.autograd.gradcheck(torch.sigmoid, (x,), fast_mode=True)
    torch.autograd.grad(torch.tanh(x).sum(), x)

    class Double(torch.autograd.Function):
        @staticmethod
        def forward(ctx: object, value: torch.Tensor) -> torch.Tensor:
            return value * 2

        @staticmethod
        def backward(ctx: object, *gradients: torch.Tensor) -> torch.Tensor:
            return gradients[0] * 2

    Double.apply(x).sum().backward()  # type: ignore[no-untyped-call]
    try:
        compile("1 +", "<warm>", "exec")
    except SyntaxError:
        import traceback

        traceback.format_exc()
