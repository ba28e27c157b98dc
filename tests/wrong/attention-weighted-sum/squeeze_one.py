# mistake: drops the batch axis of a single sequence
import torch


def attention_weighted_sum(inputs, attention_weights):
    result = torch.bmm(attention_weights.unsqueeze(1), inputs).squeeze(1)
    return result[0] if result.size(0) == 1 else result
