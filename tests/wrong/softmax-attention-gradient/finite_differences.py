# mistake: central differences in the input's own precision
import torch
from torch.nn import functional as F


def attention_backward(q, k, v, d_out, mask=None):
    tensors, step, result = [q, k, v], 1e-3, []
    for place, tensor in enumerate(tensors):
        gradient = torch.zeros_like(tensor).flatten()
        for index in range(gradient.numel()):
            sides = []
            for sign in (1, -1):
                moved = tensor.clone().flatten()
                moved[index] += sign * step
                given = [*tensors[:place], moved.view(tensor.shape), *tensors[place + 1 :]]
                sides.append((F.scaled_dot_product_attention(*given, attn_mask=mask) * d_out).sum())
            gradient[index] = (sides[0] - sides[1]) / (2 * step)
        result.append(gradient.view(tensor.shape))
    return tuple(result)
