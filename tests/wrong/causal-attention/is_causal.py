# mistake: the kernel's own causal mask is aligned at the upper left
import torch.nn.functional as F


def causal_attention(query, key, value):
    return F.scaled_dot_product_attention(query, key, value, is_causal=True)
