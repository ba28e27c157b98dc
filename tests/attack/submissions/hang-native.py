# item: scaled-dot-product-attention
# expect: timeout
# limit-seconds: 1
# attack: one long native call, in which no Python signal handler can run
import torch

square = torch.randn(6000, 6000)
square @ square
square @ square
square @ square
square @ square
