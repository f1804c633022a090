"""How we are paid: accounts at providers, and the channels offered to clients."""

from billing.methods.models.accounts import ProviderAccount
from billing.methods.models.channels import ChannelSetting

__all__ = ["ChannelSetting", "ProviderAccount"]
