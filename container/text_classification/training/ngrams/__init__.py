"""The linear model of n-grams that is trained beside a network."""
