import torch
import torch.nn as nn


class DotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = nn.Dropout(dropout)

    def forward(self, query, key, value, mask=None):
        scores = torch.stack([(key @ q.unsqueeze(-1)).squeeze(-1) for q in query.unbind(-2)], dim=-2)
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = torch.softmax(scores, dim=-1)
        weights = self.dropout(weights)
        output = torch.stack([(w.unsqueeze(-2) @ value).squeeze(-2) for w in weights.unbind(-2)], dim=-2)
        return output, weights
