"""What must be so: rating, reviews and checks (kyc), likeness of names (screening), second persons (approvals)."""
