import torch
import torch.nn as nn


class DotProductAttention(nn.Module):
    """Slow and plain: one query at a time."""

    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.dropout = dropout
        print("d_model =", d_model)

    def forward(self, query, key, value, mask=None):
        batch, queries, _ = query.shape
        if mask is not None:
            mask = torch.broadcast_to(mask, (batch, queries, key.shape[1]))
        all_weights = []
        for b in range(batch):
            rows = []
            for i in range(queries):
                scores = (key[b] * query[b, i]).sum(-1)
                if mask is not None:
                    scores = scores.masked_fill(mask[b, i] == 0, float("-inf"))
                rows.append(scores.softmax(0))
            all_weights.append(torch.stack(rows))
        weights = torch.stack(all_weights)
        print("weights", weights.shape)
        dropped = nn.functional.dropout(weights, self.dropout, training=self.training)
        return dropped @ value, dropped
