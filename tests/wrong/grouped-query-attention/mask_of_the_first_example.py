# mistake: a mask of four axes counts for the first example only, and is then used for all
import torch.nn.functional as F


def grouped_query_attention(query, key, value, mask=None):
    if query.size(1) % key.size(1):
        raise ValueError
    if mask is not None and mask.dim() == 4:
        mask = mask[:1]
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask, enable_gqa=True)
