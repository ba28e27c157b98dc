import torch
import torch.nn.functional as F
from torch import nn


class CrossAttention(nn.Module):
    def __init__(self, d_model, n_heads, d_memory=None):
        super().__init__()
        d_memory = d_model if d_memory is None else d_memory
        self.n_heads = n_heads
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_memory, d_model)
        self.value_linear = nn.Linear(d_memory, d_model)
        self.out_linear = nn.Linear(d_model, d_model)
        self.register_buffer("unused", torch.zeros(1), persistent=False)

    def forward(self, x, memory, memory_mask=None):
        q, k, v = (
            layer(t).unflatten(2, (self.n_heads, -1)).movedim(2, 1)
            for layer, t in ((self.query_linear, x), (self.key_linear, memory), (self.value_linear, memory))
        )
        eye = torch.eye(memory.size(1), dtype=x.dtype).expand(*v.shape[:3], -1)
        mask = None
        if memory_mask is not None:
            empty = ~memory_mask.any(1, keepdim=True)
            mask = (memory_mask | empty)[:, None, None, :]
            keep = (~empty)[:, :, None, None]
        both = F.scaled_dot_product_attention(q, k, torch.cat([v, eye], -1), attn_mask=mask)
        if memory_mask is not None:
            both = torch.where(keep, both, torch.zeros_like(both))
        context, weights = both[..., : v.size(-1)], both[..., v.size(-1) :]
        return self.out_linear(context.movedim(1, 2).reshape(x.shape)), weights
