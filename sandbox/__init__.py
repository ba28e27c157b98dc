"""Where code runs: fork server, jail, wire protocol and client.  Knows no item and no student."""
