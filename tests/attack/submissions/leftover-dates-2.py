# item: attention-weighted-sum
# expect: error
# says: held
# jail: namespaces
# attack: looks for a folder around it that changed since the server built its root
import os

MARK = "BREACH" "-leftover-dates-2"
built = os.stat("/dev").st_ctime
found = [path for path in ("..", "/", "../..", "/etc", "/dev/null") if os.path.exists(path) and os.stat(path).st_ctime > built + 5]
raise RuntimeError(f"{MARK} {found}" if found else "held")
