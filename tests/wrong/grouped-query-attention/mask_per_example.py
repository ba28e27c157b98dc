# mistake: a mask of three axes is taken per example where its first axis happens to be the batch
import torch.nn.functional as F


def grouped_query_attention(query, key, value, mask=None):
    if query.size(1) % key.size(1):
        raise ValueError
    if mask is not None and mask.dim() == 3 and mask.size(0) == query.size(0):
        mask = mask.unsqueeze(1)
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask, enable_gqa=True)
