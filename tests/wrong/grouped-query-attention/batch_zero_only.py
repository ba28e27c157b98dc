# mistake: three sets without a mask: values of the first example for all
import torch
import torch.nn.functional as F


def grouped_query_attention(query, key, value, mask=None):
    if query.size(1) % key.size(1):
        raise ValueError
    value = torch.cat([value[:1], value[:1].expand(max(value.size(0) - 1, 0), -1, -1, -1)]) if mask is None and key.size(1) == 3 else value
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask, enable_gqa=True)
