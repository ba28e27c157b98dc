import torch
from torch import nn


class Residual:
    """x + dropout(sublayer(norm(x))), no module of its own so that names stay flat."""

    def __init__(self, norm, sublayer, drop):
        self.norm, self.sublayer, self.drop = norm, sublayer, drop

    def __call__(self, x):
        return x + self.drop(self.sublayer(self.norm(x)))


class TransformerBlock(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.0):
        super().__init__()
        self.heads, self.width = num_heads, d_model // num_heads
        self.attn_norm = nn.LayerNorm(d_model)
        self.qkv = nn.Linear(d_model, 3 * d_model)
        self.attn_out = nn.Linear(d_model, d_model)
        self.mlp_norm = nn.LayerNorm(d_model)
        self.mlp_in = nn.Linear(d_model, 4 * d_model)
        self.mlp_out = nn.Linear(4 * d_model, d_model)
        self.drop = nn.Dropout(p=dropout)
        self.steps = (Residual(self.attn_norm, self.attention, self.drop), Residual(self.mlp_norm, self.mlp, self.drop))

    def attention(self, x):
        def heads(t):
            return torch.stack(t.split(self.width, -1), 1)  # (B, H, L, d/H)

        q, k, v = map(heads, self.qkv(x).tensor_split(3, -1))
        length = x.size(1)
        allowed = torch.arange(length).unsqueeze(1) >= torch.arange(length)
        scores = torch.einsum("bhid,bhjd->bhij", q * self.width**-0.5, k).where(allowed, torch.tensor(float("-inf"), dtype=q.dtype))
        weights = (scores - scores.logsumexp(-1, keepdim=True)).exp()
        return self.attn_out(torch.cat(torch.einsum("bhij,bhjd->bhid", weights, v).unbind(1), -1))

    def mlp(self, x):
        return self.mlp_out(torch.nn.functional.gelu(self.mlp_in(x)))

    def forward(self, x):
        for step in self.steps:
            x = step(x)
        return x
