import torch
import torch.nn as nn


class AdditiveAttention(nn.Module):
    def __init__(self, query_dim, key_dim, hidden_dim):
        super().__init__()
        self.query_proj = nn.Linear(query_dim, hidden_dim, bias=False)
        self.key_proj = nn.Linear(key_dim, hidden_dim, bias=False)
        self.score_proj = nn.Linear(hidden_dim, 1, bias=False)

    def forward(self, query, key, value, mask=None):
        q = torch.einsum("bid,hd->bih", query, self.query_proj.weight)
        k = torch.einsum("bjd,hd->bjh", key, self.key_proj.weight)
        hidden = torch.tanh(q[:, :, None] + k[:, None])
        scores = torch.einsum("bijh,h->bij", hidden, self.score_proj.weight[0])
        if mask is not None:
            scores = scores.masked_fill(mask.logical_not(), -torch.inf)
        weights = torch.softmax(scores, -1)
        return torch.einsum("bij,bjv->biv", weights, value), weights
