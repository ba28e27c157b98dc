# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: looks whether the writes of the one before reached it
import torch

MARK = "BREACH" "-leftover-copy-on-write-2"
raise RuntimeError(MARK if "ZZZZZZZZZZ" in (torch.nn.functional.softmax.__doc__ or "") else "held")
