import torch


def attention_weighted_sum(inputs, attention_weights):
    return torch.matmul(attention_weights, inputs).diagonal(dim1=0, dim2=1).T
