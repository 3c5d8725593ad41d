"""IX. Disposability: started quickly, stopped at any moment."""
