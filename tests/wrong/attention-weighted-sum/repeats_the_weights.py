# mistake: repeats and reshapes the weights so that they land on other positions
import torch


def attention_weighted_sum(inputs, attention_weights):
    b, l, d = inputs.shape
    spread = attention_weights.repeat(1, d).view(b, l, d)
    return (inputs * spread).sum(1)
