import torch
from torch import Tensor


def attention_entropy(weights: Tensor, mask: Tensor | None = None, normalise: bool = False) -> Tensor:
    tiny = torch.finfo(weights.dtype).tiny
    entropy = (weights * weights.clamp(min=tiny).log()).sum(-1).neg()
    if not normalise:
        return entropy
    if mask is None:
        count = torch.tensor(float(weights.shape[-1]), dtype=weights.dtype).expand(entropy.shape)
    else:
        count = (mask & torch.ones(weights.shape, dtype=torch.bool)).to(weights.dtype).sum(-1)
    bound = torch.where(count > 1, count.log(), torch.ones_like(count))
    return torch.where(count > 1, entropy / bound, 0 * entropy)


def head_importance(outputs: Tensor, gradients: Tensor) -> Tensor:
    flat = (outputs.flatten(2) * gradients.flatten(2)).sum(-1)
    raw = flat.abs().sum(0) / flat.shape[0]
    return torch.nn.functional.normalize(raw, dim=0, eps=torch.finfo(raw.dtype).tiny)


if __name__ == "__main__":
    print(attention_entropy(torch.full((2, 4), 0.25)))
