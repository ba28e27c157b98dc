# mistake: scores are divided by the root of the values' width
import torch.nn.functional as F


def grouped_query_attention(query, key, value, mask=None):
    if query.size(1) % key.size(1):
        raise ValueError
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask, enable_gqa=True, scale=value.size(-1) ** -0.5)
