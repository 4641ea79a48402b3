"""What `textcnn doctor` looks at: each check gives lines, and none keeps another from its turn."""
