# item: attention-weighted-sum
# expect: failed, partial
# attack: run as a program, sleeps for ever with its alarm switched off
# run: yes
# limit-seconds: 0.5
# says: "program": \{"status": "timeout"
import signal
import time

def attention_weighted_sum(inputs, attention_weights):
    return inputs.sum(1)


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while True:
        time.sleep(1000)
