"""The queue: rows that are the truth, leases, and the workers that take them.  Knows no Flask."""
