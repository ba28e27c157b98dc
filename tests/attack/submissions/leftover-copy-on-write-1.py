# item: scaled-dot-product-attention
# expect: error
# says: written
# attack: writes over memory that the server shares with every later candidate: constants, weights, code
import ctypes
import os

import torch

shared = torch.nn.functional.softmax.__doc__
if shared:
    ctypes.memset(id(shared) + 64, ord("Z"), 16)
libc = ctypes.CDLL(None)
libc.mprotect(ctypes.c_void_p(id(shared) >> 12 << 12), 4096, 7)
raise RuntimeError("written")
