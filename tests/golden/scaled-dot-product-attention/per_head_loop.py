import torch
from torch import nn
from torch.nn import functional as F


def one_head(q, k, v, mask, p, training):
    scores = q.bmm(k.transpose(1, 2)) / q.shape[2] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    w = F.dropout(F.softmax(scores, dim=2), p, training)
    return w.bmm(v), w


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.p = dropout

    def forward(self, query, key, value, mask=None):
        if query.dim() == 3:
            if mask is not None:
                mask = mask.bool().expand(query.size(0), query.size(1), key.size(1))
            return one_head(query, key, value, mask, self.p, self.training)
        if mask is not None:
            mask = mask.bool().expand(*query.shape[:-1], key.size(2))
        heads = [
            one_head(query[:, h], key[:, h], value[:, h], None if mask is None else mask[:, h], self.p, self.training)
            for h in range(query.size(1))
        ]
        return torch.stack([o for o, _ in heads], 1), torch.stack([w for _, w in heads], 1)


if __name__ == "__main__":
    q = torch.randn(2, 3, 4, 5)
    print(ScaledDotProductAttention(5)(q, q, q)[0].shape)
