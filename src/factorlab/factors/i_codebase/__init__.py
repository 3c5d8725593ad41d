"""I. Codebase: one codebase in revision control, many deploys."""
