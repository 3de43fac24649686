"""续签、变更职务: in this room an enterprise proposes a new end of the contract or other posts, in place."""
