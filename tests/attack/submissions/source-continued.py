# item: attention-weighted-sum
# expect: error
# repeat: 100000
# attack: a line continued two hundred thousand times
\
