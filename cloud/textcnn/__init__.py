"""Text classification on Amazon SageMaker from a terminal: train, deploy, ask, and take down.

What lives (roles, endpoints, pages) belongs to CloudFormation, what ends (jobs) to boto3: so
clean-up, tags, resuming and a dry run come from an engine that is proven. Prices come from the
Pricing API or are unknown; nothing here knows whether AWS or the emulator answers.
"""
