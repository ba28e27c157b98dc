# item: attention-weighted-sum
# expect: failed, partial
# attack: run as a program, never ends; the tests are run all the same
# run: yes
# limit-seconds: 1
# says: "program": \{"status": "timeout"
def attention_weighted_sum(inputs, attention_weights):
    return inputs.sum(1)


if __name__ == "__main__":
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
