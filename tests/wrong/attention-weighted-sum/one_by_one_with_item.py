# mistake: weights become Python numbers, through which no gradient flows
import torch


def attention_weighted_sum(inputs, attention_weights):
    out = []
    for b in range(inputs.size(0)):
        out.append(sum(attention_weights[b, l].item() * inputs[b, l] for l in range(inputs.size(1))))
    return torch.stack(out)
