import torch
from torch import nn
from torch.nn import functional as F


def norm(layer, x):
    centred = x - x.mean(-1, keepdim=True)
    return centred * torch.rsqrt(centred.pow(2).mean(-1, keepdim=True) + layer.eps) * layer.weight + layer.bias


def drop(x, p, training):
    if not training or p == 0:
        return x
    return x * (torch.rand_like(x) >= p) / (1 - p)


class TransformerBlock(nn.Module):
    def __init__(self, d_model, num_heads, dropout=0.0):
        super().__init__()
        self.num_heads, self.p = num_heads, dropout
        self.attn_norm = nn.LayerNorm(d_model)
        self.qkv = nn.Linear(d_model, 3 * d_model)
        self.attn_out = nn.Linear(d_model, d_model)
        self.mlp_norm = nn.LayerNorm(d_model)
        self.mlp_in = nn.Linear(d_model, 4 * d_model)
        self.mlp_out = nn.Linear(4 * d_model, d_model)

    def forward(self, x):
        z = norm(self.attn_norm, x)
        q, k, v = (
            F.linear(z, w, b).unflatten(-1, (self.num_heads, -1)).movedim(2, 1)
            for w, b in zip(self.qkv.weight.chunk(3), self.qkv.bias.chunk(3))
        )
        s = q.matmul(k.mT).div(q.size(-1) ** 0.5)
        s = s.masked_fill(torch.ones_like(s, dtype=torch.bool).triu(diagonal=1), torch.finfo(s.dtype).min)
        a = s.softmax(-1).matmul(v).movedim(1, 2).reshape(x.shape)
        h = x + drop(self.attn_out(a), self.p, self.training)
        m = self.mlp_in(norm(self.mlp_norm, h))
        return h + drop(self.mlp_out(m * torch.special.ndtr(m)), self.p, self.training)
