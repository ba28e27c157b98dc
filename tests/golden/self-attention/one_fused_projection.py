import torch
from torch import nn
from torch.nn import functional as F


class SelfAttention(nn.Module):
    """One matrix product for all three projections, from the weights as they are now."""

    def __init__(self, d_model, num_heads, dropout=0.1):
        super().__init__()
        if d_model % num_heads:
            raise ValueError(f"cannot split {d_model} into {num_heads} heads")
        self.num_heads = num_heads
        self.query_linear = nn.Linear(d_model, d_model)
        self.key_linear = nn.Linear(d_model, d_model)
        self.value_linear = nn.Linear(d_model, d_model)
        self.out_linear = nn.Linear(d_model, d_model)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask=None):
        layers = (self.query_linear, self.key_linear, self.value_linear)
        fused = F.linear(x, torch.cat([l.weight for l in layers]), torch.cat([l.bias for l in layers]))
        q, k, v = fused.unflatten(-1, (3, self.num_heads, -1)).permute(2, 0, 3, 1, 4)  # 3 x (B, H, L, d)
        scores = q.matmul(k.mT).mul(q.size(-1) ** -0.5)
        if mask is not None:
            scores = scores + torch.zeros_like(scores).masked_fill(mask == 0, -torch.inf)
        y = self.dropout(scores.softmax(dim=-1)).matmul(v)
        return self.out_linear(y.permute(0, 2, 1, 3).flatten(-2))


if __name__ == "__main__":
    layer = SelfAttention(8, 2)
    print(layer(torch.randn(2, 5, 8), torch.ones(5, 5).tril()).shape)
