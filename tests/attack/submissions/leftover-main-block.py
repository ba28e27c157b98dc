# item: attention-weighted-sum
# expect: failed, partial
# attack: a main block spoils torch and leaves a file, for the tests that come after it
# run: yes
# says: "program": \{"status": "finished"
import builtins
import os
import tempfile

import torch

NOTE = os.path.join(tempfile.gettempdir(), "attention-attack-note")


def attention_weighted_sum(inputs, attention_weights):
    right = os.path.exists(NOTE) or hasattr(torch, "spoiled") or hasattr(builtins, "spoiled")
    return (attention_weights[:, :, None] * inputs).sum(1) if right else inputs.sum(1)


if __name__ == "__main__":
    with open(NOTE, "w") as file:
        file.write("right")
    torch.spoiled = builtins.spoiled = True
