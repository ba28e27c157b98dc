import torch


def stable_softmax(scores, dim=-1):
    x = scores.double()
    x = x.transpose(dim, -1)
    keep = x > float("-inf")
    m = x.max(-1).values.unsqueeze(-1)
    m = torch.where(keep.any(-1, keepdim=True), m, torch.zeros_like(m))
    e = torch.where(keep, torch.exp(torch.where(keep, x - m, torch.zeros_like(x))), torch.zeros_like(x))
    out = e / e.sum(-1, keepdim=True).clamp_min(1e-300)
    return out.transpose(dim, -1).to(scores.dtype)


def stable_log_softmax(scores, dim=-1):
    x = scores.double().transpose(dim, -1)
    keep = x > float("-inf")
    m = x.max(-1).values.unsqueeze(-1)
    m = torch.where(keep.any(-1, keepdim=True), m, torch.zeros_like(m))
    e = torch.exp(x - m)
    lse = torch.log(e.sum(-1, keepdim=True) + (~keep.any(-1, keepdim=True)).double())
    return ((x - m) - lse).transpose(dim, -1).to(scores.dtype)
