# item: attention-weighted-sum
# expect: error
# says: held
# attack: thousands of symbolic links of four kilobytes, which are kernel memory
import os

made = 0
try:
    for number in range(20_000):
        os.symlink("x" * 4000, f"link-{number}")
        made += 1
except OSError:
    pass
raise RuntimeError("BREACH" "-bomb-links" if made > 15_000 else "held")
