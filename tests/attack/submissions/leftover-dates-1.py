# item: attention-weighted-sum
# expect: error
# says: written
# jail: namespaces
# attack: ends at a moment of its choice, for the next one to read from the date of the folder above
import os
import time

open("dated", "w").close()
os.mkdir("dated-folder")
time.sleep(0.2)
raise RuntimeError("written")
