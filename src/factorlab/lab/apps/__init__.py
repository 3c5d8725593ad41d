"""Apps in a lab: started, asked, watched, stopped."""
