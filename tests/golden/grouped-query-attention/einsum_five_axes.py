import torch


def grouped_query_attention(query, key, value, mask=None):
    b, h, i, d = query.shape
    g = key.shape[1]
    if h % g:
        raise ValueError(f"h={h} g={g}")
    scores = torch.einsum("bgrid,bgjd->bgrij", query.reshape(b, g, h // g, i, d), key) * d**-0.5
    if mask is not None:
        full = mask.expand(b, h, i, key.shape[2]).reshape(b, g, h // g, i, -1)
        scores = torch.where(full, scores, torch.tensor(float("-inf"), dtype=scores.dtype))
    return torch.einsum("bgrij,bgje->bgrie", scores.softmax(-1), value).reshape(b, h, i, -1)
