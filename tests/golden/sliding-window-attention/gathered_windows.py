import torch


def sliding_window_attention(query, key, value, window):
    length = key.shape[-2]
    index = torch.arange(length).unsqueeze(1) - torch.arange(min(window, length)).unsqueeze(0)  # (L, w)
    seen = index >= 0
    index = index.clamp(min=0)
    k, v = key[..., index, :], value[..., index, :]  # (..., L, w, d)
    scores = torch.matmul(k, query.unsqueeze(-1)).squeeze(-1) / query.shape[-1] ** 0.5
    scores = torch.where(seen, scores, torch.tensor(float("-inf"), dtype=scores.dtype))
    weights = torch.softmax(scores, dim=-1)
    return torch.matmul(weights.unsqueeze(-2), v).squeeze(-2)
