# mistake: computes in float32 and gives it back, whatever came
import torch.nn.functional as F


def grouped_query_attention(query, key, value, mask=None):
    if query.size(1) % key.size(1):
        raise ValueError
    return F.scaled_dot_product_attention(query.float(), key.float(), value.float(), attn_mask=mask, enable_gqa=True)
