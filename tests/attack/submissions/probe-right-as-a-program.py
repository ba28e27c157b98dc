# item: attention-weighted-sum
# expect: failed, partial
# attack: is right only while it is run as a program
# run: yes
# says: "program": \{"status": "finished"
def attention_weighted_sum(inputs, attention_weights):
    return inputs.sum(1)


if __name__ == "__main__":

    def attention_weighted_sum(inputs, attention_weights):
        return (attention_weights[:, :, None] * inputs).sum(1)

    import sys

    sys.modules["submission"] = sys.modules["__main__"]
