# item: attention-weighted-sum
# expect: failed, partial
# attack: run as a program, ends with status nought behind the interpreter, in the middle of a frame
# run: yes
# says: "program": \{"status": "(crashed|finished)"
import os

def attention_weighted_sum(inputs, attention_weights):
    return inputs.sum(1)


if __name__ == "__main__":
    os.write(3, b"AW\x01\0\0\0\0")
    os._exit(0)
