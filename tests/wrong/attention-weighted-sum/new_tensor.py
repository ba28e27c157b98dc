# mistake: rebuilds the result with torch.tensor, which cuts the graph
import torch


def attention_weighted_sum(inputs, attention_weights):
    rows = [[sum(attention_weights[b, l].item() * inputs[b, l, d].item() for l in range(inputs.size(1)))
             for d in range(inputs.size(2))] for b in range(inputs.size(0))]
    return torch.tensor(rows, dtype=inputs.dtype)
