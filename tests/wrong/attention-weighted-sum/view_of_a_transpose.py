# mistake: view() refuses inputs whose memory is not contiguous



def attention_weighted_sum(inputs, attention_weights):
    B, L, D = inputs.shape
    return (inputs.view(B * L, D) * attention_weights.view(B * L, 1)).view(B, L, D).sum(1)
