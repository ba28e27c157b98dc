# mistake: computes with numpy, so that no gradient comes back
import torch
import numpy as np


def attention_weighted_sum(inputs, attention_weights):
    x = inputs.detach().numpy()
    w = attention_weights.detach().numpy()
    return torch.from_numpy(np.einsum("bl,bld->bd", w, x))
