# mistake: no dropout on the MLP
import torch
from torch import nn
from torch.nn import functional as F


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
        self.dropout = nn.Dropout(dropout)

    def attend(self, x):
        q, k, v = (part.unflatten(-1, (self.num_heads, -1)).transpose(1, 2) for part in self.qkv(x).chunk(3, dim=-1))
        scores = q @ k.transpose(-2, -1) / q.size(-1) ** 0.5
        seen = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
        weights = scores.masked_fill(~seen, float("-inf")).softmax(dim=-1)
        return self.attn_out((weights @ v).transpose(1, 2).flatten(2))

    def mlp(self, x):
        return self.mlp_out(F.gelu(self.mlp_in(x)))

    def forward(self, x):
        x = x + self.dropout(self.attend(self.attn_norm(x)))
        return x + self.mlp(self.mlp_norm(x))
