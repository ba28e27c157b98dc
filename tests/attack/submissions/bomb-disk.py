# item: scaled-dot-product-attention
# expect: error
# says: held
# limit-seconds: 5
# attack: fills the temporary folder, file after file (256 MB at most)
import os
import tempfile

MARK = "BREACH" "-bomb-disk"
written = 0
piece = bytes(2**20)
folders = dict.fromkeys([tempfile.gettempdir(), "/tmp", "/dev/shm", "/var/tmp", os.getcwd()])
for folder in folders:
    for number in range(16):
        try:
            with open(f"{folder}/attention-attack-{number}", "wb", buffering=0) as file:
                for _ in range(16):
                    written += file.write(piece)
        except OSError:
            continue
raise RuntimeError(MARK if written > 64 * 2**20 else "held")
