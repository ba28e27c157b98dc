"""Absorbed decoding is multi-query attention whose key and value are the latent vector."""
import torch
import torch.nn.functional as F
from torch import nn


class LatentAttention(nn.Module):
    def __init__(self, d_model, num_heads, head_dim, latent_dim):
        super().__init__()
        self.h, self.d, self.r = num_heads, head_dim, latent_dim
        self.query_linear = nn.Linear(d_model, num_heads * head_dim, bias=False)
        self.down_linear = nn.Linear(d_model, latent_dim, bias=False)
        self.key_up_linear = nn.Linear(latent_dim, num_heads * head_dim, bias=False)
        self.value_up_linear = nn.Linear(latent_dim, num_heads * head_dim, bias=False)
        self.out_linear = nn.Linear(num_heads * head_dim, d_model, bias=False)

    def compress(self, x):
        return self.down_linear(x)

    def forward(self, x):
        B, L, _ = x.shape
        c = self.down_linear(x)
        q = self.query_linear(x).view(B, L, self.h, self.d).transpose(1, 2)
        k = self.key_up_linear(c).view(B, L, self.h, self.d).transpose(1, 2)
        v = self.value_up_linear(c).view(B, L, self.h, self.d).transpose(1, 2)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out_linear(y.transpose(1, 2).reshape(B, L, -1))

    def decode(self, x, latents):
        B, T, _ = x.shape
        n = latents.size(1)
        q = self.query_linear(x).view(B, T, self.h, self.d)
        q = torch.einsum("bthd,hdr->bhtr", q, self.key_up_linear.weight.view(self.h, self.d, self.r))
        mask = torch.ones(T, n, dtype=torch.bool).tril(n - T).repeat(self.h, 1)
        c = latents.unsqueeze(1)
        y = F.scaled_dot_product_attention(q.reshape(B, 1, self.h * T, self.r), c, c, attn_mask=mask, scale=self.d**-0.5)
        y = torch.einsum("bhtr,hdr->bthd", y.view(B, self.h, T, self.r), self.value_up_linear.weight.view(self.h, self.d, self.r))
        return self.out_linear(y.reshape(B, T, -1))
