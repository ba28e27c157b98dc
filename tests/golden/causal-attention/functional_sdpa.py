import torch
import torch.nn.functional as F


def causal_attention(query, key, value):
    L, S = query.size(-2), key.size(-2)
    bias = torch.ones(L, S, dtype=torch.bool).tril(diagonal=S - L)
    return F.scaled_dot_product_attention(query, key, value, attn_mask=bias, dropout_p=0.0)
