import torch
import torch.nn as nn


class DotProductAttention(nn.Module):
    def __init__(self, d_model: int, dropout: float = 0.1) -> None:
        super(DotProductAttention, self).__init__()
        self.drop = nn.Dropout(p=dropout)

    def _one(self, q, k, v, m):
        s = q @ k.T
        if m is not None:
            s = s.masked_fill(m == 0, float("-inf"))
        w = self.drop(s.softmax(-1))
        return w @ v, w

    def forward(self, query, key, value, mask=None):
        lead, lq, lk = query.shape[:-2], query.shape[-2], key.shape[-2]
        if mask is not None:
            mask = mask.expand(*lead, lq, lk).reshape(-1, lq, lk)
        q, k, v = (t.reshape(-1, *t.shape[-2:]) for t in (query, key, value))
        pairs = [self._one(q[i], k[i], v[i], None if mask is None else mask[i]) for i in range(len(q))]
        out = torch.stack([o for o, _ in pairs]).reshape(*lead, lq, v.shape[-1])
        att = torch.stack([w for _, w in pairs]).reshape(*lead, lq, lk)
        print("shapes", out.shape, att.shape)
        return [out, att]
