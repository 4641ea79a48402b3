"""Parts of the page's command and of what stands for AWS behind it."""
