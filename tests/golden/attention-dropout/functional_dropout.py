import math
import torch
import torch.nn.functional as F


def attention_with_dropout(query, key, value, p=0.1, training=True, seed=None):
    att = query @ key.transpose(-2, -1) * (1.0 / math.sqrt(query.size(-1)))
    att = F.softmax(att, dim=-1)
    if seed is None:
        att = F.dropout(att, p, training)
    else:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            att = F.dropout(att, p=p, training=training)
    return att @ value
