# item: attention-weighted-sum
# expect: error
# says: held
# attack: feels for files it may not list by looking their names up: other slots, the service's folder, homes
MARK = "BREACH" "-secret-looks-names-up"
import os

found = []
for folder in ("/slots", "/run/workshop", "/srv", "/home", "/var/lib/docker", "/var/run", "/proc/1", "/proc/self"):
    try:
        found += [f"{folder}/{name}" for name in os.listdir(folder)]
    except OSError:
        pass
for number in range(64):
    for place in (f"/slots/{number}/attention-attack", f"/proc/{number}/environ", f"/proc/{number}/root/etc/passwd", f"/proc/{number}/mem"):
        try:
            found.append(open(place, "rb").read(10) and place)
        except OSError:
            pass
raise RuntimeError(f"{MARK} {found[:10]}" if found else "held")
