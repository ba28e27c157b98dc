from torch.nn.utils.rnn import pad_sequence
import torch


def paged_attention(query, key_pool, value_pool, block_table, lengths):
    def gather(pool):
        size = pool.shape[1]
        rows = []
        for row, length in zip(block_table, lengths):
            needed = -(-int(length) // size)
            rows.append(torch.cat([pool[i] for i in row[:needed]])[:length])
        return pad_sequence(rows, batch_first=True)  # (B, L, H, D), zeros behind

    k, v = gather(key_pool), gather(value_pool)
    scores = torch.matmul(k.permute(0, 2, 1, 3), query.unsqueeze(-1)).squeeze(-1) / query.shape[-1] ** 0.5
    behind = torch.arange(k.shape[1])[None, None] >= lengths[:, None, None]
    weights = torch.softmax(scores.masked_fill(behind, torch.finfo(scores.dtype).min), -1)
    return torch.matmul(weights.unsqueeze(2), v.permute(0, 2, 1, 3)).squeeze(2)
