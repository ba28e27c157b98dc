import torch
from torch import nn
from torch.nn import functional as F


class AttentionPooling(nn.Module):
    def __init__(self, dim, num_queries=1):
        super().__init__()
        self.queries = nn.Parameter(nn.init.xavier_normal_(torch.empty(num_queries, dim)))

    def forward(self, x, mask=None):
        B, L, d = x.shape
        if mask is None:
            mask = x.new_ones(B, L, dtype=torch.bool)
        # one more place that everybody may see where there is nothing else: it holds zeros
        empty = ~mask.any(1, keepdim=True)
        keys = torch.cat([x, x.new_zeros(B, 1, d)], 1)
        places = torch.cat([torch.eye(L, dtype=x.dtype), x.new_zeros(1, L)]).expand(B, L + 1, L)
        seen = torch.cat([mask, empty], 1).unsqueeze(1)
        both = F.scaled_dot_product_attention(self.queries.expand(B, -1, -1), keys, torch.cat([keys, places], -1), attn_mask=seen)
        return both[..., :d], both[..., d:]


if __name__ == "__main__":
    print(AttentionPooling(3)(torch.randn(2, 4, 3)))
