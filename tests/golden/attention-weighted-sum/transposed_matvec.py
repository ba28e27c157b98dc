import torch


def attention_weighted_sum(inputs, attention_weights):
    columns = inputs.transpose(1, 2)  # (B, D, L)
    return torch.matmul(columns, attention_weights.unsqueeze(-1)).squeeze(-1)
