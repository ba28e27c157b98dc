"""Banks in the browser: how their items are, what proving them found, and editing them.

`pages` reads, `proofs` has items proved, `editing` and `saving` change a bank's files, `receiving` reads uploads.
"""
