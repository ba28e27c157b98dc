# item: attention-weighted-sum
# expect: timeout
# limit-seconds: 0.5
# attack: waits in C with the interpreter's lock held, so that no handler of Python's runs until a signal ends the wait
import ctypes

while True:
    ctypes.PyDLL(None).pause()
