"""III. Config: what differs between deploys comes from the environment."""
