"""One position after the other, each kept as an entry of a list."""
import torch
from torch import nn


class CachedSelfAttention(nn.Module):
    def __init__(self, d_model, num_heads):
        super().__init__()
        self.heads = num_heads
        self.query_linear, self.key_linear = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)
        self.value_linear, self.out_linear = nn.Linear(d_model, d_model), nn.Linear(d_model, d_model)
        self.ks, self.vs = [], []

    def reset(self):
        self.ks.clear()
        self.vs.clear()

    def prefill(self, x):
        self.reset()
        return self.decode(x)

    def decode(self, x):
        return torch.stack([self.one(position) for position in x.unbind(1)], 1)

    def one(self, x):  # (B, D)
        B, D = x.shape
        q = self.query_linear(x).reshape(B, self.heads, D // self.heads)
        self.ks.append(self.key_linear(x).reshape_as(q))
        self.vs.append(self.value_linear(x).reshape_as(q))
        k, v = torch.stack(self.ks, 2), torch.stack(self.vs, 2)  # (B, H, n, d)
        w = ((k @ q.unsqueeze(-1)).squeeze(-1) * q.size(-1) ** -0.5).softmax(-1)
        return self.out_linear((w.unsqueeze(-2) @ v).squeeze(-2).reshape(B, D))
