"""One module per signature family. A rule is a frozen value; ``judge`` never raises for a row that does not hold."""
