import torch
from einops import einsum, rearrange
from torch import nn


class TransformerBlock(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.0):
        super().__init__()
        self.num_heads = num_heads
        self.attn_norm = nn.LayerNorm(d_model)
        self.qkv = nn.Linear(d_model, 3 * d_model)
        self.attn_out = nn.Linear(d_model, d_model)
        self.mlp_norm = nn.LayerNorm(d_model)
        self.mlp_in = nn.Linear(d_model, 4 * d_model)
        self.mlp_out = nn.Linear(4 * d_model, d_model)
        self.act = nn.GELU()
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        q, k, v = rearrange(self.qkv(self.attn_norm(x)), "b l (three h d) -> three b h l d", three=3, h=self.num_heads)
        s = einsum(q, k, "b h i d, b h j d -> b h i j") / q.shape[-1] ** 0.5
        later = torch.full(s.shape[-2:], float("-inf"), dtype=s.dtype).triu(1)
        o = einsum((s + later).softmax(-1), v, "b h i j, b h j d -> b h i d")
        x = x + self.drop(self.attn_out(rearrange(o, "b h l d -> b l (h d)")))
        return x + self.drop(self.mlp_out(self.act(self.mlp_in(self.mlp_norm(x)))))
