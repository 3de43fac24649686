"""合同到期: this room reminds of contracts that run out, and ends them every night."""
