import torch


def attention_weighted_sum(inputs, attention_weights):
    return torch.vmap(lambda x, w: w @ x)(inputs, attention_weights)
