"""SageMaker and CloudFormation on this machine, beside moto's S3, ECR, IAM and other services."""
