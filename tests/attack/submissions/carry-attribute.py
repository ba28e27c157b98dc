# item: scaled-dot-product-attention
# expect: failed, partial
# attack: returns objects of classes named after the inputs, for the message that says what came instead
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forward(self, query, key, value, mask=None):
    number = abs(int(query.flatten()[0]))
    return type(f"Result{number}", (), {f"a{number}": number})(), f"{number}"


ScaledDotProductAttention.forward = forward
