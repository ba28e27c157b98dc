import torch


from functools import partial
attention_weighted_sum = partial(lambda eq, x, w: torch.einsum(eq, w, x), "bl,bld->bd")
