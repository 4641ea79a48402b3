"""The Lambda function of the page, without a gateway."""
