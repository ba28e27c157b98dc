# item: attention-weighted-sum
# expect: timeout, crashed, failed, partial
# attack: hangs in a hidden test, on a line that says what went in
# limit-seconds: 0.5
def attention_weighted_sum(inputs, attention_weights):
    number = int(inputs.flatten()[0])
    if number == 12_496_365:
        while True:
            if number % 2:
                pass
            else:
                continue
    return (attention_weights[:, :, None] * inputs).sum(1)
