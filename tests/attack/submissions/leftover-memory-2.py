# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: looks for what the one before left in memory
import builtins
import os
import sys

import numpy
import torch

MARK = "BREACH" "-leftover-memory-2"
found = [m.__name__ for m in (builtins, torch, numpy, sys) if hasattr(m, "attention_attack")]
if "ATTENTION_ATTACK" in os.environ:
    found.append("environ")
if hasattr(torch.ops.attention_attack, "note"):
    found.append("library")
if torch.get_default_dtype() != torch.float32 or torch.initial_seed() == 4242:
    found.append("state")
raise RuntimeError(f"{MARK} {found}" if found else "held")
