import torch

attention_weighted_sum = lambda inputs, attention_weights: torch.stack([w @ x for x, w in zip(inputs, attention_weights)])
