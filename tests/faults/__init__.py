"""The product as real processes, and what may happen to them: kills, servers taken away, many at once.

`town` runs the processes, `points` kills them at named places, `proxy` stands before a server, `ledger` remembers what
was acknowledged and looks whether it is there.
"""
