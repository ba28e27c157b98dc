import torch
from torch import nn


class AdditiveAttention(nn.Module):
    # tanh([W U] [q; k]): the two projections are one matrix on the concatenation
    def __init__(self, query_dim, key_dim, hidden_dim):
        super(AdditiveAttention, self).__init__()
        self.query_proj = nn.Linear(query_dim, hidden_dim, bias=False)
        self.key_proj = nn.Linear(key_dim, hidden_dim, bias=False)
        self.score_proj = nn.Linear(hidden_dim, 1, bias=False)

    def forward(self, query, key, value, mask=None):
        Lq, Lk = query.size(1), key.size(1)
        pairs = torch.cat((query.unsqueeze(2).expand(-1, -1, Lk, -1), key.unsqueeze(1).expand(-1, Lq, -1, -1)), -1)
        joint = torch.cat((self.query_proj.weight, self.key_proj.weight), 1)
        scores = (pairs @ joint.t()).tanh() @ self.score_proj.weight.reshape(-1)
        if mask is not None:
            scores = scores.masked_fill(mask == False, float("-inf"))  # noqa: E712
        weights = scores.softmax(-1)
        return weights.matmul(value), weights
