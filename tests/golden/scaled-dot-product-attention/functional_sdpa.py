import torch
import torch.nn.functional as F
from torch import nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = dropout

    def forward(self, query, key, value, mask=None):
        if mask is not None:
            mask = mask.to(torch.bool)
        p = self.dropout if self.training else 0.0
        identity = torch.eye(key.size(-2), dtype=value.dtype, device=value.device)
        identity = identity.expand(*value.shape[:-2], -1, -1)
        both = torch.cat((value, identity), dim=-1)
        result = F.scaled_dot_product_attention(query, key, both, attn_mask=mask, dropout_p=p)
        return result[..., : value.size(-1)], result[..., value.size(-1) :]
