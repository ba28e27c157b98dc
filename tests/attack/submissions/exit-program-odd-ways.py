# item: attention-weighted-sum
# expect: failed, partial
# attack: run as a program, leaves by an exit whose code compares equal to everything and cannot be printed
# run: yes
# says: "program": \{"status": "(finished|error|crashed)"
def attention_weighted_sum(inputs, attention_weights):
    return inputs.sum(1)


class Code:
    def __eq__(self, other):
        raise KeyboardInterrupt

    def __str__(self):
        raise SystemExit(self)

    __repr__ = __str__


class Leave(SystemExit):
    @property
    def code(self):
        return Code()

    def __str__(self):
        raise GeneratorExit


if __name__ == "__main__":
    raise Leave
