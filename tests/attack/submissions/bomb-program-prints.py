# item: attention-weighted-sum
# expect: failed, partial
# attack: run as a program, prints without end, to both streams and past the candidate
# run: yes
# limit-seconds: 1
# says: "program": \{"status": "(timeout|crashed)"
import os
import sys

def attention_weighted_sum(inputs, attention_weights):
    return inputs.sum(1)


if __name__ == "__main__":
    while True:
        print("x" * 10_000)
        print("\x1b[2J\u202e" * 1000, file=sys.stderr)
        os.write(1, b"y" * 10_000)
