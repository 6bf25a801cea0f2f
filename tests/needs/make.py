"""Answers of one client, complete and without contradiction."""

ANSWERS = {
    "goal": "balanced",
    "horizon": "5_to_10",
    "liquidity": "tenth",
    "income": "90000",
    "security": "sure",
    "assets": "600000",
    "debts": "150000",
    "reaction": "hold",
    "loss": "ten",
    "know_bonds": "basic",
    "know_equity": "experienced",
    "know_real_estate": "none",
    "know_commodities": "none",
    "know_alternatives": "none",
    "sustainability": "none",
}
