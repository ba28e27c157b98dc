# item: scaled-dot-product-attention
# expect: memory, error
# attack: asks torch for a terabyte in one go while loading
import torch

torch.empty(2**38)
