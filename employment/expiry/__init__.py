"""合同到期: the nightly job reminds of contracts that run out, and ends them."""
