"""How well and how fast the lists are screened, in figures that anybody with the lists can print again."""
