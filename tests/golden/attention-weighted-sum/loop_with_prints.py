import torch


def attention_weighted_sum(inputs, attention_weights):
    batch, length, width = inputs.shape
    print("inputs", tuple(inputs.shape), "weights", tuple(attention_weights.shape))
    rows = []
    for b in range(batch):
        total = torch.zeros(width, dtype=inputs.dtype)
        for position in range(length):
            total = total + attention_weights[b, position] * inputs[b, position]
        rows.append(total)
    result = torch.stack(rows)
    print("result", result.shape)
    return result


if __name__ == "__main__":
    print(attention_weighted_sum(torch.ones(2, 3, 4), torch.ones(2, 3)))
