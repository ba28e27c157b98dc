# item: attention-weighted-sum
# expect: error
# says: written
# attack: a submission with a word that nobody else has, for the next one to find
kept = "somebody" "-elses-" "work-7391"
raise RuntimeError("written")
