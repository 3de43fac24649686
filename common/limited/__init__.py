"""Works on bytes from strangers in children with limits of time and memory (docs/adr/0016).

A web thread never waits for a slot: where none is free, `client.run_in_child` raises Busy at once, which middleware turns
into a page.
"""
