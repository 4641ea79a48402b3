"""The emulator, asked by unmodified clients."""
