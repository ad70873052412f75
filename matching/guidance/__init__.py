"""What comes before and beside the lists: first steps, duties, and ways out when no bed is found."""
