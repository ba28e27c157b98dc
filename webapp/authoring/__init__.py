"""Banks in the browser: how their items are, what proving them found, and editing them.

`pages` shows, `reading` reads what is typed, `proofs` has items proved, `saving` makes versions,
`receiving` takes uploads, `giving_back` writes a bank into its folder again.
"""
