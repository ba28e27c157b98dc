# item: attention-weighted-sum
# expect: failed, partial
# attack: returns what broadcasts: the mean, kept to one dimension
def attention_weighted_sum(inputs, attention_weights):
    return inputs.mean()
