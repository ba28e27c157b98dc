# item: attention-weighted-sum
# expect: failed, partial
# attack: run as a program, fills its memory; the tests have their own
# run: yes
# says: "program": \{"status": "(memory|crashed)"
def attention_weighted_sum(inputs, attention_weights):
    return inputs.sum(1)


if __name__ == "__main__":
    kept = []
    while True:
        kept.append(bytearray(2**24))
