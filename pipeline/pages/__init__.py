"""The page pool: page pictures are read by processes that hold one model each.

`lanes` says whose page is next, `worker` is the program of a process, `process` the other end of
it, `crew` keeps several of them at work, `work` is what they do, and `local` the port made of all
that.
"""
