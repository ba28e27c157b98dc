import torch
from torch import nn


class CachedSelfAttention(nn.Module):
    def __init__(self, d_model, num_heads):
        super().__init__()
        self.num_heads = num_heads
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)
        self.reset()

    def reset(self):
        self.cached = {}

    def prefill(self, x):
        self.cached = {}
        return self._go(x)

    def decode(self, x):
        return self._go(x)

    def _go(self, x):
        outputs = []
        projected = [linear(x).chunk(self.num_heads, dim=-1) for linear in (self.query_linear, self.key_linear, self.value_linear)]
        for head, (q, k, v) in enumerate(zip(*projected)):
            if head in self.cached:
                old_k, old_v = self.cached[head]
                k_t, v = torch.cat([old_k, k.mT], -1), torch.cat([old_v, v], 1)
            else:
                k_t = k.mT  # (B, d, n): ready for the product
            self.cached[head] = k_t, v
            scores = torch.bmm(q, k_t).mul(q.shape[-1] ** -0.5)
            rows = torch.arange(q.shape[1]).unsqueeze(1) + v.shape[1] - q.shape[1]
            scores = scores.where(torch.arange(v.shape[1]) <= rows, float("-inf"))
            outputs.append(torch.bmm(scores.softmax(2), v))
        return self.out_linear(torch.cat(outputs, -1))
