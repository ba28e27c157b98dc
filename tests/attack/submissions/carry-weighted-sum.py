# item: attention-weighted-sum
# expect: failed, partial
# attack: raises the inputs in message and type at once, for the item without a class
def attention_weighted_sum(inputs, attention_weights):
    number = int(inputs.flatten()[0])
    print(number)
    raise type(f"E{number}", (IndexError,), {})(str(number))
