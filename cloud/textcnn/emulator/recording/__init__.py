"""Which operations the emulator's clients called, and the IAM actions that those need."""
