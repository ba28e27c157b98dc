import torch.nn.functional as F


def attention_weighted_sum(inputs, attention_weights):
    B, L, D = inputs.shape
    return F.conv1d(inputs.transpose(1, 2).reshape(1, B * D, L), attention_weights.repeat_interleave(D, 0).unsqueeze(1), groups=B * D).view(B, D)
