"""Makes the fictitious network in `seed/network` (run `python -m seed.generate`).

The network is invented: people, numbers, addresses, shelters and organisations of civil society do not
exist. Names of departments, towns and ports of entry are public; what is said about their offices is not true.
"""
