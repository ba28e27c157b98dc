# mistake: hands a float mask to the kernel, which adds it
import torch
from torch import nn


class DotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.p = dropout

    def forward(self, query, key, value, mask=None):
        p = self.p if self.training else 0.0
        places = torch.eye(key.size(1), dtype=value.dtype).expand(key.size(0), -1, -1)
        if mask is not None and not mask.is_floating_point():
            mask = mask.bool()
        both = nn.functional.scaled_dot_product_attention(query, key, torch.cat([value, places], -1), mask, p, scale=1.0)
        return both[..., : value.size(-1)], both[..., value.size(-1) :]
