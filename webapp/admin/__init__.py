"""For those who keep the whole server: accounts, courses, the log of everything."""
