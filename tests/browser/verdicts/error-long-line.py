import torch

weights = torch.softmax(query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5 if query is not None else torch.zeros(4, 4), dim=-1) if mask is None else torch.softmax((query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5).masked_fill(mask == 0, float("-inf")), dim=-1 return weights @ value
