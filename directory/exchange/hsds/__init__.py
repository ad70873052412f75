"""The registry as the Human Services Data Specification has it (HSDS 3.1): pure mapping, and what reads for it."""
