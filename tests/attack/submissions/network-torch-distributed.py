# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: torch's own network: a store on a port
import torch.distributed

MARK = "BREACH" "-network-torch-distributed"
result = "held"
try:
    from datetime import timedelta

    torch.distributed.TCPStore("127.0.0.1", 0, 1, True, timedelta(seconds=1))
    result = MARK
except (OSError, RuntimeError, AttributeError, ValueError):
    pass
raise RuntimeError(result)
