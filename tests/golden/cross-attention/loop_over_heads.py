import torch
from torch import nn


class CrossAttention(nn.Module):
    """Head by head, with slices of the weight matrices themselves."""

    def __init__(self, d_model, n_heads, d_memory=None):
        super().__init__()
        self.n_heads, self.width = n_heads, d_model // n_heads
        for name, size in (("query", d_model), ("key", d_memory or d_model), ("value", d_memory or d_model), ("out", d_model)):
            self.add_module(f"{name}_linear", nn.Linear(size, d_model))

    def part(self, layer, x, h):
        rows = slice(h * self.width, (h + 1) * self.width)
        return x @ layer.weight[rows].T + layer.bias[rows]

    def forward(self, x, memory, memory_mask=None):
        output = self.out_linear.bias.expand(*x.shape[:2], -1)
        maps = []
        for h in range(self.n_heads):
            q, k, v = self.part(self.query_linear, x, h), self.part(self.key_linear, memory, h), self.part(self.value_linear, memory, h)
            s = torch.bmm(q, k.transpose(1, 2)) / self.width**0.5
            e = (s - s.detach().max(-1, keepdim=True).values).exp()
            if memory_mask is not None:
                real = memory_mask[:, None, :]
                low = torch.where(real, s, torch.full_like(s, -3e38)).detach().max(-1, keepdim=True).values
                low = torch.where(real.any(-1, keepdim=True), low, torch.zeros_like(low))
                e = torch.where(real, torch.where(real, s - low, torch.zeros_like(s)).exp(), torch.zeros_like(s))
            total = e.sum(-1, keepdim=True)
            w = e / torch.where(total > 0, total, torch.ones_like(total))
            maps.append(w)
            output = output + torch.bmm(w, v) @ self.out_linear.weight[:, h * self.width : (h + 1) * self.width].T
        return output, torch.stack(maps, 1)
