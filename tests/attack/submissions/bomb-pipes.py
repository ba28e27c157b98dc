# item: scaled-dot-product-attention
# expect: error
# says: held
# attack: a thousand pipes, filled, that keep kernel memory which no limit of the process counts
import fcntl
import os

MARK = "BREACH" "-bomb-pipes"
made = 0
try:
    for _ in range(1000):
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        try:
            fcntl.fcntl(writer, 1031, 2**20)
        except OSError:
            pass
        try:
            while True:
                os.write(writer, bytes(65536))
        except BlockingIOError:
            pass
        made += 1
except OSError:
    pass
raise RuntimeError(MARK if made >= 1000 else "held")
