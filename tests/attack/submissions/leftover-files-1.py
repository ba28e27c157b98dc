# item: scaled-dot-product-attention
# expect: error
# says: written
# attack: leaves notes for the next submission wherever something can be written
import os
import tempfile

for folder in (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm", "/run", "/", os.getcwd(), os.path.expanduser("~")):
    try:
        with open(f"{folder}/attention-attack-note", "w") as file:
            file.write("for the next one")
    except OSError:
        pass
raise RuntimeError("written")
