import torch


# The result does not depend on what is subtracted, so its gradient may be left out.
def summarise(scores, values):
    m = scores.detach().amax(dim=-1, keepdim=True)
    shift = torch.nan_to_num(m, neginf=0.0)
    e = torch.exp(scores - shift)
    return m.squeeze(-1), e.sum(dim=-1), torch.matmul(e, values)


def merge(a, b):
    m_a, l_a, o_a = a
    m_b, l_b, o_b = b
    m = torch.max(m_a, m_b).detach()
    shift = torch.nan_to_num(m, neginf=0.0)
    w_a = torch.exp(m_a - shift)
    w_b = torch.exp(m_b - shift)
    return m, l_a * w_a + l_b * w_b, o_a * w_a[..., None] + o_b * w_b[..., None]


def finish(state):
    m, l, o = state
    out = torch.nan_to_num(o / l[..., None], nan=0.0)
    return out, m + torch.log(l)
