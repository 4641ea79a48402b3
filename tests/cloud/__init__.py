"""The operator's side: the emulator, the command textcnn and its templates."""
