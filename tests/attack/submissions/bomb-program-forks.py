# item: attention-weighted-sum
# expect: failed, partial
# attack: run as a program, starts processes and threads and programs
# run: yes
# says: RuntimeError.*held
import os
import subprocess
import threading

def tried(attempt):
    try:
        return attempt()
    except (OSError, RuntimeError, ImportError, AttributeError, KeyError):
        return None


def attention_weighted_sum(inputs, attention_weights):
    return inputs.sum(1)


if __name__ == "__main__":
    MARK = "BREACH" "-program-forks"
    started = [
        tried(os.fork),
        tried(lambda: subprocess.run(["/bin/true"], check=False)),
        tried(lambda: threading.Thread(target=print).start() or True),
    ]
    if 0 in started:
        os._exit(0)
    raise RuntimeError(MARK if any(started) else "held")
