# mistake: F.dropout trains unless it is told otherwise
import torch
import torch.nn.functional as F


def attention_with_dropout(query, key, value, p=0.1, training=True, seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    weights = torch.softmax(query @ key.transpose(-2, -1) / query.size(-1) ** 0.5, -1)
    return F.dropout(weights, p) @ value
