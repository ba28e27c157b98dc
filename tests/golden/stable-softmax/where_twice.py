import torch


def _prepare(x, dim):
    m = torch.max(x, dim=dim, keepdim=True)[0]
    m = torch.where(torch.isinf(m), torch.zeros_like(m), m)
    e = torch.exp(x - m)
    z = torch.sum(e, dim=dim, keepdim=True)
    return m, e, torch.where(z > 0, z, torch.ones_like(z))


def stable_softmax(scores, dim=-1):
    _, e, z = _prepare(scores, dim)
    return e / z


def stable_log_softmax(scores, dim=-1):
    m, _, z = _prepare(scores, dim)
    return scores - m - torch.log(z)
