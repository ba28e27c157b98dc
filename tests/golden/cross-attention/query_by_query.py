import torch
from torch import nn


class Heads(nn.Module):
    def __init__(self, count):
        super().__init__()
        self.count = count

    def forward(self, x):
        return torch.stack(x.chunk(self.count, dim=-1), dim=1)


class CrossAttention(nn.Module):
    def __init__(self, d_model, n_heads, d_memory=None):
        super().__init__()
        d_memory = d_memory or d_model
        self.heads = Heads(n_heads)
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_memory, d_model)
        self.value_linear = nn.Linear(d_memory, d_model)
        self.out_linear = nn.Linear(d_model, d_model)

    def forward(self, x, memory, memory_mask=None):
        keys, values = self.heads(self.key_linear(memory)), self.heads(self.value_linear(memory))
        outputs, maps = [], []
        for i in range(x.shape[1]):
            q = self.heads(self.query_linear(x[:, i : i + 1]))  # (B, H, 1, dh)
            s = (q * keys).sum(-1) / keys.shape[-1] ** 0.5  # (B, H, Lk)
            if memory_mask is not None:
                real = memory_mask.unsqueeze(1)
                some = real.any(-1, keepdim=True)
                s = torch.where(real, s, torch.where(some, float("-inf"), 0.0).to(s.dtype))
                w = torch.where(some, s.softmax(-1), torch.zeros((), dtype=s.dtype))
            else:
                w = s.softmax(-1)
            maps.append(w)
            outputs.append((w.unsqueeze(-1) * values).sum(-2).flatten(1))
        return self.out_linear(torch.stack(outputs, 1)), torch.stack(maps, 2)
