import torch
from torch import nn


class ScaledDotProductAttention(nn.Module):
    """Folds all leading axes into one batch and unfolds them again."""

    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        leading = query.shape[:-2]
        q, k, v = (x.reshape(-1, x.size(-2), x.size(-1)) for x in (query, key, value))
        scores = torch.bmm(q, k.transpose(1, 2)) / torch.tensor(q.size(-1), dtype=q.dtype).sqrt()
        scores = scores.view(*leading, q.size(1), k.size(1))
        if mask is not None:
            scores = scores.masked_fill(mask == 0, -torch.inf)
        weights = self.dropout(scores.softmax(dim=-1))
        out = torch.bmm(weights.reshape(-1, q.size(1), k.size(1)), v)
        return out.view(*leading, q.size(1), v.size(-1)), weights
