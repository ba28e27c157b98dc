import torch
import torch.nn.functional as F
from torch import nn


class CachedSelfAttention(nn.Module):
    def __init__(self, d_model, num_heads):
        super().__init__()
        assert d_model % num_heads == 0
        self.n_head, self.head_dim = num_heads, d_model // num_heads
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)
        self.cache = None

    @torch.no_grad()
    def prefill(self, x):
        self.cache = None
        return self.decode(x)

    @torch.no_grad()
    def decode(self, x):
        B, T, C = x.size()
        q = self.query_linear(x).view(B, T, self.n_head, self.head_dim).transpose(1, 2)
        k = self.key_linear(x).view(B, T, self.n_head, self.head_dim).transpose(1, 2)
        v = self.value_linear(x).view(B, T, self.n_head, self.head_dim).transpose(1, 2)
        if self.cache is not None:
            k = torch.cat((self.cache[0], k), dim=2)
            v = torch.cat((self.cache[1], v), dim=2)
        self.cache = (k, v)
        S = k.size(2)
        mask = torch.arange(S)[None, :] <= torch.arange(S - T, S)[:, None]
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.out_linear(y.transpose(1, 2).contiguous().view(B, T, C))

    def reset(self):
        self.cache = None
