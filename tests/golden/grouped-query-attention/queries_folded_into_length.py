"""A group's heads are just more queries of one head: fold them into the length."""
import torch.nn.functional as F


def grouped_query_attention(query, key, value, mask=None):
    B, H, L, d = query.shape
    G = key.size(1)
    if H % G > 0:
        raise ValueError("H % G")
    folded = query.reshape(B, G, H // G * L, d)
    if mask is not None:
        mask = mask.expand(B, H, L, key.size(2)).reshape(B, G, H // G * L, key.size(2))
    return F.scaled_dot_product_attention(folded, key, value, attn_mask=mask).reshape(B, H, L, -1)
