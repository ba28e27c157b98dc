import torch


def _rows(function, scores, dim):
    x = scores.movedim(dim, -1)
    flat = x.reshape(-1, x.shape[-1])
    done = torch.stack([function(row) for row in flat])
    return done.reshape(x.shape).movedim(-1, dim)


def _soft(row):
    seen = row != float("-inf")
    if not seen.any():
        return row.exp()
    best = row[seen].max()
    e = (row - best).exp()
    return e / e.sum()


def _log(row):
    seen = row != float("-inf")
    if not seen.any():
        return row * 1.0
    best = row[seen].max()
    return (row - best) - (row - best).exp().sum().log()


def stable_softmax(scores, dim=-1):
    return _rows(_soft, scores, dim)


def stable_log_softmax(scores, dim=-1):
    print("rows of", scores.shape[dim])
    return _rows(_log, scores, dim)
