"""What a class's submissions say of the items: which are hard, which tell people apart, which mistakes are made."""
