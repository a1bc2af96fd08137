"""The programme as a person would describe it: frozen values and pure functions, no library."""
