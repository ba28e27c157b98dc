# item: attention-weighted-sum
# expect: error
# says: written
# jail: namespaces
# attack: counts up the numbers of its file system's inodes, for the next one to read a number from
for number in range(5000):
    open("counted", "w").close()
    __import__("os").unlink("counted")
raise RuntimeError("written")
