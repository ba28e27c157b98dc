import torch
from torch import nn, einsum
from einops import rearrange


def exists(x):
    return x is not None


def default(x, d):
    return x if exists(x) else d


class CrossAttention(nn.Module):
    def __init__(self, d_model, n_heads, d_memory=None):
        super().__init__()
        d_memory = default(d_memory, d_model)
        self.heads = n_heads
        self.scale = (d_model // n_heads) ** -0.5
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear, self.value_linear = nn.Linear(d_memory, d_model), nn.Linear(d_memory, d_model)
        self.out_linear = nn.Linear(d_model, d_model)

    def forward(self, x, memory, memory_mask=None):
        q, k, v = self.query_linear(x), self.key_linear(memory), self.value_linear(memory)
        q, k, v = map(lambda t: rearrange(t, "b n (h d) -> (b h) n d", h=self.heads), (q, k, v))
        sim = einsum("b i d, b j d -> b i j", q, k) * self.scale
        nothing = None
        if exists(memory_mask):
            mask = memory_mask.repeat_interleave(self.heads, 0)[:, None, :]
            nothing = ~mask.any(-1, keepdim=True)
            sim = sim.masked_fill(~(mask | nothing), -float("inf"))
        attn = sim.softmax(dim=-1)
        if exists(nothing):
            attn = attn.masked_fill(nothing, 0.0)
        out = einsum("b i j, b j d -> b i d", attn, v)
        return self.out_linear(rearrange(out, "(b h) n d -> b n (h d)", h=self.heads)), rearrange(attn, "(b h) i j -> b h i j", h=self.heads)
