"""Long work that somebody asks for and may leave: a row says what, workers do it a step at a time between jobs.

`rows` takes, keeps and gives back, `kinds` says which function does what, `hands` is the worker's part, and the page
shows a bar, a rate and the time left (`views`).
"""
