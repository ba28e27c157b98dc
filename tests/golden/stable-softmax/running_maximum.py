"""One pass: a maximum and a sum that are mended as the numbers go by."""
import torch


def statistics(scores, dim):
    first = scores.select(dim, 0)
    top = torch.full_like(first, float("-inf")).detach()
    total = torch.zeros_like(first)
    for column in scores.unbind(dim):
        new = torch.maximum(top, column.detach())
        level = torch.where(new.isinf(), torch.zeros_like(new), new)
        factor = torch.where(top.isinf(), torch.zeros_like(top), (top - level).exp())
        total = total * factor + (column - level).exp()
        top = new
    level = torch.where(top.isinf(), torch.zeros_like(top), top)
    total = torch.where(total == 0, torch.ones_like(total), total)
    return level.unsqueeze(dim), total.unsqueeze(dim)


def stable_softmax(scores, dim=-1):
    level, total = statistics(scores, dim)
    return (scores - level).exp() / total


def stable_log_softmax(scores, dim=-1):
    level, total = statistics(scores, dim)
    return (scores - level) - total.log()
