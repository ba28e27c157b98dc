# item: scaled-dot-product-attention
# expect: error, failed, partial, crashed
# attack: wrappers that escaped from vmap and grad: plain tensors by type, something else by nature
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


kept = []


def keep(tensor):
    kept.append(tensor)
    return tensor.sum()


torch.func.vmap(keep)(torch.ones(3, 4))
torch.func.grad(keep)(torch.ones(4))
ScaledDotProductAttention.forward = lambda self, *args, **kwargs: tuple(kept)
