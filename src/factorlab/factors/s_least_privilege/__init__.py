"""S. Least privilege, which the audit asks about beside the factors."""
