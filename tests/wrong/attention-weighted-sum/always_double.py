# mistake: returns float64 for every input
import torch


def attention_weighted_sum(inputs, attention_weights):
    return (inputs.double() * attention_weights.double().unsqueeze(-1)).sum(1)
