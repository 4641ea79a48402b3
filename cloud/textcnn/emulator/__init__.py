"""SageMaker and CloudFormation on this machine, beside moto's S3, ECR, IAM and other services.

Errors and states are those of botocore's model, AWS's documentation and public reports; what is not
built is refused by name, since canned data make a rehearsal useless. What is asked is recorded as
IAM actions, so that a test holds the operator's policy against what the whole life needs.
"""
