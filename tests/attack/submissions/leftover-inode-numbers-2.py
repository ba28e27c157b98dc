# item: attention-weighted-sum
# expect: error
# says: held
# jail: namespaces
# attack: reads from the number of a new file how many the one before had made
import os

MARK = "BREACH" "-leftover-inode-numbers-2"
with open("counted", "w") as file:
    number = os.fstat(file.fileno()).st_ino
raise RuntimeError(f"{MARK} {number}" if number > 4000 else "held")
