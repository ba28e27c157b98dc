# item: attention-weighted-sum
# expect: error
# says: held
# limit-seconds: 4
# attack: finds its folder empty, with room in it, and nobody else's beside it
MARK = "BREACH" "-leftover-full-folder-2"
import os

there = os.listdir(".")
with open("room", "wb") as file:
    file.write(bytes(8 * 2**20))
for number in range(500):
    open(f"inode-{number}", "w").close()
beside = []
for folder in ("..", "/slots", "../.."):
    try:
        beside += [name for name in os.listdir(folder) if "attention-attack" in name]
    except OSError:
        pass
raise RuntimeError(f"{MARK} {there} {beside}" if there or beside else "held")
