import torch
from einops import einsum, rearrange
from torch import nn


class LatentAttention(nn.Module):
    def __init__(self, d_model, num_heads, head_dim, latent_dim):
        super().__init__()
        inner = num_heads * head_dim
        self.heads, self.scale = num_heads, head_dim**-0.5
        self.query_linear = nn.Linear(d_model, inner, bias=False)
        self.down_linear = nn.Linear(d_model, latent_dim, bias=False)
        self.key_up_linear, self.value_up_linear = (nn.Linear(latent_dim, inner, bias=False) for _ in range(2))
        self.out_linear = nn.Linear(inner, d_model, bias=False)

    def compress(self, x):
        return self.down_linear(x)

    def attention(self, sim):
        i, j = sim.shape[-2:]
        causal = torch.ones((i, j), dtype=torch.bool).triu(j - i + 1)
        return (sim * self.scale).masked_fill(causal, -torch.inf).softmax(-1)

    def forward(self, x):
        c = self.compress(x)
        q, k, v = (rearrange(t, "b n (h d) -> b h n d", h=self.heads) for t in (self.query_linear(x), self.key_up_linear(c), self.value_up_linear(c)))
        out = einsum(self.attention(einsum(q, k, "b h i d, b h j d -> b h i j")), v, "b h i j, b h j d -> b h i d")
        return self.out_linear(rearrange(out, "b h n d -> b n (h d)"))

    def decode(self, x, latents):
        uk, uv = (rearrange(w.weight, "(h d) r -> h d r", h=self.heads) for w in (self.key_up_linear, self.value_up_linear))
        q = rearrange(self.query_linear(x), "b n (h d) -> b h n d", h=self.heads)
        q = einsum(q, uk, "b h n d, h d r -> b h n r")
        attn = self.attention(einsum(q, latents, "b h i r, b j r -> b h i j"))
        out = einsum(attn, latents, "b h i j, b j r -> b h i r")
        return self.out_linear(rearrange(einsum(out, uv, "b h i r, h d r -> b h i d"), "b h i d -> b i (h d)"))
