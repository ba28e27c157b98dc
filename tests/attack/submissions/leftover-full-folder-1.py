# item: attention-weighted-sum
# expect: error
# says: written
# limit-seconds: 4
# attack: fills its folder with what is hard to remove: names of any bytes, folders of any depth and without any right, a full disk
import os

made = 0
for number in range(1, 256):
    if number not in (10, 47):
        try:
            open(bytes([number]) * 200, "wb").close()
            made += 1
        except OSError:
            pass
for mode in (0, 0o111, 0o222, 0o444):
    try:
        os.mkdir(f"closed-{mode:o}")
        open(f"closed-{mode:o}/attention-attack", "w").close()
        os.mkdir(f"closed-{mode:o}/inner", mode)
        made += 1
    except OSError:
        pass
    try:
        os.chmod(f"closed-{mode:o}", mode)
    except OSError:
        pass
for link, target in {"up": "..", "loop": "loop", "root": "/", "self": ".", "null": "/dev/null"}.items():
    os.symlink(target, link)
here = os.getcwd()
try:
    for _ in range(600):
        os.mkdir("d" * 200)
        os.chdir("d" * 200)
        made += 1
except OSError:
    pass
os.chdir(here)
try:
    with open("attention-attack-large", "wb") as file:
        while True:
            file.write(bytes(2**20))
except OSError:
    pass
raise RuntimeError("written" if made > 100 else "not written")
