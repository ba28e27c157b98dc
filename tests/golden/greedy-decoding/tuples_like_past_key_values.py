import torch
import torch.nn.functional as F


def forward(weights, input_ids, past_key_values=None):
    past = 0 if past_key_values is None else past_key_values[0][0].shape[1]
    T = input_ids.shape[1]
    hidden = F.embedding(input_ids, weights["embedding"]) + weights["positions"][past : past + T]
    present = []
    for i, layer in enumerate(weights["layers"]):
        q, k, v = (hidden @ layer[n] for n in ("query", "key", "value"))
        if past_key_values is not None:
            k = torch.cat((past_key_values[i][0], k), dim=1)
            v = torch.cat((past_key_values[i][1], v), dim=1)
        present.append((k, v))
        mask = torch.ones(T, past + T, dtype=torch.bool).tril(diagonal=past)
        hidden = hidden + F.scaled_dot_product_attention(q, k, v, attn_mask=mask) @ layer["output"]
    return hidden[:, -1, :] @ weights["head"], present


@torch.inference_mode()
def greedy_decode(weights, prompt, stop, max_new):
    unfinished = torch.ones(prompt.shape[0], dtype=torch.long)
    out = torch.empty(prompt.shape[0], 0, dtype=torch.long)
    past, inputs = None, prompt
    for _ in range(max_new):
        logits, past = forward(weights, inputs, past)
        next_tokens = torch.argmax(logits, dim=-1)
        next_tokens = next_tokens * unfinished + stop * (1 - unfinished)
        out = torch.cat([out, next_tokens[:, None]], dim=-1)
        unfinished = unfinished * (next_tokens != stop).long()
        if unfinished.max() == 0:
            break
        inputs = next_tokens[:, None]
    return out.clone()
