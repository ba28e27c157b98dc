# mistake: squashes the weights by a sigmoid first
import torch


def attention_weighted_sum(inputs, attention_weights):
    return (inputs * torch.sigmoid(attention_weights).unsqueeze(-1)).sum(1)
