# mistake: keepdim leaves a middle axis of one
import torch


def attention_weighted_sum(inputs, attention_weights):
    return (inputs * attention_weights.unsqueeze(-1)).sum(dim=1, keepdim=True)
