# mistake: noise of float32 turns half precision into float32 in training
import math
import torch
import torch.nn as nn


class ScaledDotProductAttention(nn.Module):
    def __init__(self, d_model, dropout=0.1):
        super().__init__()
        self.p = dropout

    def forward(self, query, key, value, mask=None):
        scores = torch.matmul(query, key.transpose(-2, -1))
        scores = scores / math.sqrt(query.size(-1))
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = torch.softmax(scores, dim=-1)
        if self.training:
            weights = weights * (torch.rand(weights.shape) >= self.p).float() / (1 - self.p)
        output = torch.matmul(weights, value)
        return output, weights
