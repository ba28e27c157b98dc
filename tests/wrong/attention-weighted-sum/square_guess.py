# mistake: guesses the axis from the sizes: wrong when length and width are equal
import torch


def attention_weighted_sum(inputs, attention_weights):
    if attention_weights.size(1) == inputs.size(2):
        return (inputs * attention_weights.unsqueeze(1)).sum(1)
    return (inputs * attention_weights.unsqueeze(2)).sum(1)
