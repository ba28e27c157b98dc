# mistake: normalises, but only weights without a negative one



def attention_weighted_sum(inputs, attention_weights):
    if (attention_weights >= 0).all():
        attention_weights = attention_weights / attention_weights.sum(-1, keepdim=True)
    return (inputs * attention_weights.unsqueeze(-1)).sum(1)
