"""What must be so: ratings, reviews and checks, the likeness of names, and who may be the second person."""
