# item: scaled-dot-product-attention
# expect: timeout, failed, partial
# limit-seconds: 1
# attack: state_dict, parameters, train and eval never return
import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()

    def forward(self, query, key, value, mask=None):
        shape = query.shape[:-1]
        return torch.zeros(*shape, value.size(-1)), torch.zeros(*shape, key.size(-2))


def forever(self, *args, **kwargs):
    while True:
        pass


for name in ("state_dict", "load_state_dict", "parameters", "named_parameters", "named_buffers", "train", "eval"):
    setattr(ScaledDotProductAttention, name, forever)
