# item: scaled-dot-product-attention
# expect: error
# says: held
# limit-seconds: 5
# attack: as many empty files, folders and links as there is room for (5,000 at most)
import os
import tempfile

MARK = "BREACH" "-bomb-inodes"
made = 0
base = f"{tempfile.gettempdir()}/attention-attack-inodes"
try:
    os.mkdir(base)
    for number in range(5000):
        os.close(os.open(f"{base}/{number}", os.O_CREAT | os.O_WRONLY))
        made += 1
except OSError:
    pass
raise RuntimeError(MARK if made >= 5000 else "held")
