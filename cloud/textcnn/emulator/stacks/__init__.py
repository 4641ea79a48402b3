"""CloudFormation's stacks, for the resource types of this project's templates."""
