# item: attention-weighted-sum
# expect: timeout
# attack: takes the timer by which the candidate would look where it is, and raises in its handler
# limit-seconds: 0.5
import signal


def ring(number, frame):
    raise SystemExit(0)


signal.signal(signal.SIGALRM, ring)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
while True:
    try:
        while True:
            pass
    except SystemExit:
        pass
