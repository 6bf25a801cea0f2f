"""How a team is led: whose client goes to whom."""
