# item: scaled-dot-product-attention
# expect: error
# says: written
# attack: leaves notes in modules, caches, builtins, torch's registries and the environment
import builtins
import os
import sys

import numpy
import torch

builtins.attention_attack = torch.attention_attack = numpy.attention_attack = sys.attention_attack = "note"
os.environ["ATTENTION_ATTACK"] = "note"
try:
    torch.library.define("attention_attack::note", "(Tensor x) -> Tensor")
except (RuntimeError, AttributeError):
    pass
torch.set_default_dtype(torch.float64)
torch.manual_seed(4242)
raise RuntimeError("written")
