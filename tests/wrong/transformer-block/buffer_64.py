# mistake: the mask is cut from a table for 64 positions, and longer sequences do not fit
import torch
from torch import nn
from torch.nn import functional as F


class TransformerBlock(nn.Module):
    """A causal block whose norms stand on the branches (Vaswani et al. 2017; Xiong et al. 2020)."""

    def __init__(self, d_model, num_heads, dropout=0.0):
        super().__init__()
        self.num_heads = num_heads
        self.attn_norm = nn.LayerNorm(d_model)
        self.qkv = nn.Linear(d_model, 3 * d_model)
        self.attn_out = nn.Linear(d_model, d_model)
        self.mlp_norm = nn.LayerNorm(d_model)
        self.mlp_in = nn.Linear(d_model, 4 * d_model)
        self.mlp_out = nn.Linear(4 * d_model, d_model)
        self.register_buffer("tri", torch.ones(64, 64, dtype=torch.bool).tril(), persistent=False)
        self.dropout = nn.Dropout(dropout)

    def split(self, x):
        parts = self.qkv(x).chunk(3, dim=-1)  # three of (B, L, d)
        return [part.unflatten(-1, (self.num_heads, -1)).transpose(1, 2) for part in parts]  # (B, H, L, d/H)

    def weigh(self, q, k):
        scores = q @ k.transpose(-2, -1) / q.size(-1) ** 0.5  # (B, H, L, L)
        seen = self.tri[: scores.size(-1), : scores.size(-1)]
        return scores.masked_fill(~seen, float("-inf")).softmax(dim=-1)  # (B, H, L, L)

    def attend(self, x):
        q, k, v = self.split(x)
        return self.attn_out((self.weigh(q, k) @ v).transpose(1, 2).flatten(2))  # (B, H, L, d/H) -> (B, L, d)

    def mlp(self, x):
        return self.mlp_out(F.gelu(self.mlp_in(x)))  # (B, L, 4d) -> (B, L, d)

    def forward(self, x):
        x = x + self.dropout(self.attend(self.attn_norm(x)))  # (B, L, d)
        return x + self.dropout(self.mlp(self.mlp_norm(x)))  # (B, L, d)
