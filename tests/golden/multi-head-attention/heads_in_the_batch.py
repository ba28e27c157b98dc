import torch
from torch import nn


class MultiHeadAttention(nn.Module):
    """Folds the heads into the batch, as early implementations did, and uses baddbmm."""

    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model % num_heads:
            raise ValueError("d_model % num_heads")
        self.num_heads = num_heads
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)
        self.dropout = nn.Dropout(dropout)

    def fold(self, x):
        # (B, L, d_model) -> (H * B, L, d_head)
        return torch.cat(x.chunk(self.num_heads, dim=-1), dim=0)

    def forward(self, query, key, value, mask=None):
        b, lq, d_model = query.shape
        q, k, v = self.fold(self.query_linear(query)), self.fold(self.key_linear(key)), self.fold(self.value_linear(value))
        bias = q.new_zeros(self.num_heads * b, lq, k.size(1))
        if mask is not None:
            mask = mask.expand(b, self.num_heads, lq, k.size(1)).transpose(0, 1).reshape(bias.shape)
            bias = bias.masked_fill(mask == 0, float("-inf"))
        scores = torch.baddbmm(bias, q, k.transpose(1, 2), alpha=q.size(-1) ** -0.5)
        out = torch.bmm(self.dropout(scores.softmax(dim=-1)), v)  # (H * B, Lq, d_head)
        return self.out_linear(torch.cat(out.chunk(self.num_heads, dim=0), dim=-1))
