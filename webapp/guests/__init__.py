"""For people without an account: the page everybody lands on, and trying an open item."""
