# mistake: dropout_p of the kernel acts in evaluation, too
import torch
import torch.nn.functional as F


def attention_with_dropout(query, key, value, p=0.1, training=True, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return F.scaled_dot_product_attention(query, key, value, dropout_p=p)
