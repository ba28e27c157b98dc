import torch
from torch.nn.functional import scaled_dot_product_attention


def attention_with_dropout(query, key, value, p=0.1, training=True, seed=None):
    if not training or p == 0.0:
        return scaled_dot_product_attention(query, key, value)
    if p == 1.0:
        return 0 * scaled_dot_product_attention(query, key, value)
    state = torch.get_rng_state()
    if seed is not None:
        torch.manual_seed(seed)
    result = scaled_dot_product_attention(query, key, value, dropout_p=p)
    if seed is not None:
        torch.set_rng_state(state)
    return result
