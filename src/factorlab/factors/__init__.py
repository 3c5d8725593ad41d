"""The content: one folder is one factor, with its questions, its helpers and its exercises."""
