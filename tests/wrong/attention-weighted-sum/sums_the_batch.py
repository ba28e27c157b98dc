# mistake: sums over the batch instead of the length
import torch


def attention_weighted_sum(inputs, attention_weights):
    return (inputs * attention_weights.unsqueeze(-1)).sum(dim=0)
