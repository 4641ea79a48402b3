"""The IAM action that an operation needs; most have its name, S3's and some others do not."""

# By signing name; what is not here is its own prefix.
PREFIXES = {"monitoring": "cloudwatch", "api.pricing": "pricing"}
# From the Service Authorization Reference; all else is the operation's own name.
ACTIONS = {
    # API Gateway's actions are HTTP's methods.
    "apigateway:CreateApi": "apigateway:POST",
    "apigateway:CreateIntegration": "apigateway:POST",
    "apigateway:CreateRoute": "apigateway:POST",
    "apigateway:CreateStage": "apigateway:POST",
    "apigateway:DeleteApi": "apigateway:DELETE",
    "apigateway:DeleteIntegration": "apigateway:DELETE",
    "apigateway:DeleteRoute": "apigateway:DELETE",
    "apigateway:DeleteStage": "apigateway:DELETE",
    "apigateway:GetApi": "apigateway:GET",
    "apigateway:GetApis": "apigateway:GET",
    "apigateway:GetIntegration": "apigateway:GET",
    "apigateway:GetRoute": "apigateway:GET",
    "apigateway:GetStage": "apigateway:GET",
    "apigateway:TagResource": "apigateway:POST",
    "apigateway:UpdateApi": "apigateway:PATCH",
    "apigateway:UpdateIntegration": "apigateway:PATCH",
    "apigateway:UpdateRoute": "apigateway:PATCH",
    "budgets:CreateBudget": "budgets:ModifyBudget",
    "budgets:DeleteBudget": "budgets:ModifyBudget",
    "budgets:DescribeBudget": "budgets:ViewBudget",
    "budgets:DescribeBudgets": "budgets:ViewBudget",
    "cloudfront:CreateDistributionWithTags": "cloudfront:CreateDistribution",
    "s3:CompleteMultipartUpload": "s3:PutObject",
    "s3:CopyObject": "s3:PutObject",
    "s3:CreateMultipartUpload": "s3:PutObject",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:DeleteObjects": "s3:DeleteObject",
    "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListObjects": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListParts": "s3:ListMultipartUploadParts",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:UploadPart": "s3:PutObject",
    "s3:UploadPartCopy": "s3:PutObject",
}


# What IAM asks besides where an operation passes a role or sets tags, from the same reference.
# Application Auto Scaling checks that the caller has the permissions for what it is going to do.
ALSO: dict[str, tuple[str, ...]] = {
    "application-autoscaling:DeleteScalingPolicy": ("cloudwatch:DeleteAlarms",),
    "application-autoscaling:PutScalingPolicy": (
        "cloudwatch:DescribeAlarms",
        "cloudwatch:PutMetricAlarm",
    ),
    "application-autoscaling:RegisterScalableTarget": (
        "application-autoscaling:TagResource",
        "iam:CreateServiceLinkedRole",
        "sagemaker:DescribeEndpoint",
        "sagemaker:DescribeEndpointConfig",
        "sagemaker:UpdateEndpointWeightsAndCapacities",
    ),
    "budgets:CreateBudget": ("budgets:TagResource",),
    "cloudfront:CreateDistributionWithTags": ("cloudfront:TagResource",),
    "ecr:CreateRepository": ("ecr:TagResource",),
    "iam:CreateRole": ("iam:TagRole",),
    "lambda:CreateFunction": ("iam:PassRole", "lambda:TagResource"),
    "logs:CreateLogGroup": ("logs:TagResource",),
    "monitoring:PutMetricAlarm": ("cloudwatch:TagResource",),
    "sagemaker:CreateEndpoint": ("sagemaker:AddTags",),
    "sagemaker:CreateEndpointConfig": ("sagemaker:AddTags",),
    "sagemaker:CreateHyperParameterTuningJob": ("iam:PassRole", "sagemaker:AddTags"),
    "sagemaker:CreateModel": ("iam:PassRole", "sagemaker:AddTags"),
    "sagemaker:CreateTrainingJob": ("iam:PassRole", "sagemaker:AddTags"),
    "scheduler:CreateSchedule": ("iam:PassRole",),
}
# What CloudFormation asks besides when it makes a resource by such an operation: the handlers of
# the resource types read all that the type can have, as the types' schemas say.
HANDLERS: dict[str, tuple[str, ...]] = {
    "apigateway:CreateApi": ("apigateway:PATCH", "apigateway:PUT"),
    "application-autoscaling:PutScalingPolicy": (
        "application-autoscaling:DescribeScalingPolicies",
    ),
    "application-autoscaling:RegisterScalableTarget": (
        "application-autoscaling:DescribeScalableTargets",
        "application-autoscaling:DescribeScheduledActions",
        "application-autoscaling:ListTagsForResource",
    ),
    "budgets:CreateBudget": ("budgets:ListTagsForResource",),
    "cloudfront:CreateDistributionWithTags": (
        "cloudfront:GetDistributionConfig",
        "cloudfront:ListTagsForResource",
    ),
    "ecr:CreateRepository": (
        "ecr:GetLifecyclePolicy",
        "ecr:GetRepositoryPolicy",
        "ecr:ListTagsForResource",
    ),
    "iam:CreateRole": (
        "iam:DeleteRolePermissionsBoundary",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:PutRolePermissionsBoundary",
    ),
    "lambda:AddPermission": ("lambda:GetPolicy",),
    "lambda:CreateFunction": (
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionRecursionConfig",
        "lambda:GetRuntimeManagementConfig",
        "lambda:ListTags",
    ),
    "logs:CreateLogGroup": (
        "logs:DescribeIndexPolicies",
        "logs:DescribeResourcePolicies",
        "logs:GetDataProtectionPolicy",
        "logs:ListTagsForResource",
    ),
    "monitoring:PutMetricAlarm": ("cloudwatch:ListTagsForResource",),
    "s3:CreateBucket": (
        "s3:GetAccelerateConfiguration",
        "s3:GetAnalyticsConfiguration",
        "s3:GetBucketCORS",
        "s3:GetBucketLogging",
        "s3:GetBucketNotification",
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketOwnershipControls",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketTagging",
        "s3:GetBucketVersioning",
        "s3:GetBucketWebsite",
        "s3:GetEncryptionConfiguration",
        "s3:GetIntelligentTieringConfiguration",
        "s3:GetInventoryConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetMetricsConfiguration",
        "s3:GetReplicationConfiguration",
    ),
    "s3:PutBucketPolicy": ("s3:GetBucketPolicy",),
    "sagemaker:CreateEndpoint": ("sagemaker:ListTags",),
    "sagemaker:CreateEndpointConfig": ("sagemaker:ListTags",),
    "sagemaker:CreateModel": ("sagemaker:ListTags",),
}


def action_of(service: str, operation: str) -> str:
    """Return the action of an operation, such as ``s3:ListBucket``; service is a signing name."""
    prefix = PREFIXES.get(service, service)
    return ACTIONS.get(f"{service}:{operation}", f"{prefix}:{operation}")


def actions_of(service: str, operation: str, *, by_stacks: bool) -> set[str]:
    """Return all actions that an operation needs, whether called directly or by CloudFormation."""
    name = f"{service}:{operation}"
    handlers = HANDLERS.get(name, ()) if by_stacks else ()
    return {action_of(service, operation), *ALSO.get(name, ()), *handlers}
