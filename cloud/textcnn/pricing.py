"""What things cost, from AWS' Pricing API; unknown where it gives no answer, never from a table.

The API has its own few regions and an endpoint that needs ``pricing:GetProducts``.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from textcnn.aws import Aws

# Where prices of the partitions are asked.
ENDPOINTS = {"aws": "us-east-1", "aws-cn": "cn-northwest-1"}
SERVERLESS_FAMILY = "ML Serverless"


class Component(StrEnum):
    """What an instance is used for, in the API's words: its price goes by that."""

    TRAINING = "Training"
    HOSTING = "Hosting"
    TRANSFORM = "Batch Transform"


@dataclass(frozen=True)
class Price:
    """A price: amount of a currency for a unit, such as 0.23 USD for an hour."""

    amount: float
    currency: str
    unit: str

    def times(self, factor: float) -> "Price":
        """Return the price of so many."""
        return Price(self.amount * factor, self.currency, self.unit)

    def __str__(self) -> str:
        """Write it as ``0.23 USD an hour``."""
        digits = write_amount(self.amount)
        return f"{digits} {self.currency} {'an' if self.unit == 'hour' else 'a'} {self.unit}"


def write_amount(amount: float) -> str:
    """Return an amount of money; small ones keep two digits that count.

    >>> write_amount(0.204), write_amount(0.00004)
    ('0.20', '0.000040')
    """
    if amount >= 0.1:  # noqa: PLR2004 - ten cents
        return f"{amount:.2f}"
    digits = 1 - math.floor(math.log10(amount)) if amount > 0 else 2
    return f"{amount:.{digits}f}"


def instance_price(aws: Aws, instance_type: str, component: Component) -> Price | None:
    """Return what an instance costs an hour on demand in the session's region, or None."""
    products = _products(aws, instanceName=instance_type, component=component.value)
    return next((price for price in map(_hourly, products) if price), None)


def serverless_price(aws: Aws, memory_mb: int) -> Price | None:
    """Return what a serverless endpoint of this memory costs a second of work, or None."""
    usage = f"ServerlessInf:Mem-{memory_mb // 1024}GB"
    for product in _products(aws, productFamily=SERVERLESS_FAMILY):
        if product["product"]["attributes"].get("usagetype", "").endswith(usage):
            amount, currency, unit = _on_demand(product)
            if unit.lower().startswith("second"):
                return Price(amount, currency, "second")
    return None


def tell(price: Price | None) -> str:
    """Return the price as a person reads it."""
    return "unknown" if price is None else str(price)


def _products(aws: Aws, **attributes: str) -> Iterator[dict[str, Any]]:
    wanted = attributes | {"regionCode": aws.region}
    filters = [
        {"Type": "TERM_MATCH", "Field": field, "Value": value} for field, value in wanted.items()
    ]
    try:
        pages = _client(aws).get_paginator("get_products")
        for page in pages.paginate(ServiceCode="AmazonSageMaker", Filters=filters):
            yield from map(json.loads, page["PriceList"])
    except (BotoCoreError, ClientError):
        return  # no network, no permission or no such service: the price is unknown


def billing_region(region: str) -> str:
    """Return the region where prices and budgets of a region's account are kept."""
    return ENDPOINTS["aws-cn" if region.startswith("cn-") else "aws"]


def _client(aws: Aws) -> Any:
    return aws.advice_client("pricing", billing_region(aws.region))


def _hourly(product: dict[str, Any]) -> Price | None:
    amount, currency, unit = _on_demand(product)
    return Price(amount, currency, "hour") if unit.lower() in {"hrs", "hours", "hour"} else None


def _on_demand(product: dict[str, Any]) -> tuple[float, str, str]:
    """Return amount, currency and unit of the first price on demand that is not 0."""
    for term in product["terms"].get("OnDemand", {}).values():
        for dimension in term["priceDimensions"].values():
            for currency, amount in dimension["pricePerUnit"].items():
                if float(amount) > 0:
                    return float(amount), currency, dimension["unit"]
    return 0.0, "", ""
