# mistake: a mask of two axes goes on working in later calls without one
import torch.nn.functional as F

LAST = {}


def grouped_query_attention(query, key, value, mask=None):
    if query.size(1) % key.size(1):
        raise ValueError
    if mask is None and (query.size(2), key.size(2)) in LAST:
        mask = LAST[query.size(2), key.size(2)]
    elif mask is not None and mask.dim() == 2:
        LAST[mask.shape] = mask
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask, enable_gqa=True)
