"""核实历史数据: this room decides about old records that were set aside, and takes back what an import brought in."""
