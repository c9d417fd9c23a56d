"""The transparency log: one Merkle tree a petition, signed checkpoints, receipts; nothing personal in it."""
