print("Nothing to do any more.")
