# mistake: an AssertionError where a ValueError was promised
import torch.nn.functional as F


def grouped_query_attention(query, key, value, mask=None):
    assert query.size(1) % key.size(1) == 0
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask, enable_gqa=True)
