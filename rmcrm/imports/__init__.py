"""Data from other houses: the Czech bank of PKDD'99, ECB reference rates, daily prices.

One transaction a file set: what cannot be understood is named by line, column, value and reason, and then
nothing is loaded. The second run of the same files changes nothing.
"""
