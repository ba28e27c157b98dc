# mistake: returns the weighted vectors without summing them
import torch


def attention_weighted_sum(inputs, attention_weights):
    return inputs * attention_weights.unsqueeze(2)
