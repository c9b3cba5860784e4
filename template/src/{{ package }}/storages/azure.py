"""Azure Blob Storage."""

import logging
import os
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal

from .objects import ObjectStorage

if TYPE_CHECKING:
    from obstore.auth.azure import AzureCredentialProvider
    from obstore.store import AzureConfig, AzureStore, ClientConfig, RetryConfig


class AzureStorage(ObjectStorage):
    """A container of an Azure storage account.

    The account and the credentials come from the environment: a connection string, an account key,
    a shared access signature, or else an identity that `DefaultAzureCredential` finds, such as that
    of `az login`, a workload identity, or a managed identity.

    Attributes:
        kind: `azure`.
    """

    scheme: ClassVar[str] = "az"
    remedy: ClassVar[str] = "check AZURE_STORAGE_ACCOUNT and the credentials, or run `az login`"

    kind: Literal["azure"] = "azure"

    def connect(self, client: "ClientConfig", retry: "RetryConfig") -> "AzureStore":
        """See `ObjectStorage.connect`."""
        from obstore.store import AzureStore

        config = _stated()
        if "account_name" not in config:
            raise self.refused("", "no storage account is configured")
        stated = config.keys() & {"account_key", "sas_key", "use_emulator"}
        return AzureStore(
            self.bucket,
            config=config,
            client_options=client,
            retry_config=retry,
            credential_provider=None if stated else self._identity,
        )

    @cached_property
    def _identity(self) -> "AzureCredentialProvider":
        """The provider of an identity's tokens, which renews them."""
        from azure.identity import DefaultAzureCredential
        from obstore.auth.azure import AzureCredentialProvider

        logging.getLogger("azure.identity").setLevel(logging.ERROR)  # the raised error suffices
        return AzureCredentialProvider(DefaultAzureCredential())


def _stated() -> "AzureConfig":
    """Return the configuration in the environment: a connection string or single variables."""
    pairs = os.environ.get("AZURE_STORAGE_CONNECTION_STRING", "").split(";")
    stated = dict(pair.strip().split("=", 1) for pair in pairs if "=" in pair) or {
        "AccountName": os.environ.get("AZURE_STORAGE_ACCOUNT", ""),
        "AccountKey": os.environ.get("AZURE_STORAGE_KEY", ""),
        "SharedAccessSignature": os.environ.get("AZURE_STORAGE_SAS_TOKEN", ""),
    }
    if stated.get("UseDevelopmentStorage", "").lower() == "true":
        return {"account_name": "devstoreaccount1", "use_emulator": True}
    config: AzureConfig = {}
    if name := stated.get("AccountName"):
        config["account_name"] = name
    if key := stated.get("AccountKey"):
        config["account_key"] = key
    elif signature := stated.get("SharedAccessSignature"):
        config["sas_key"] = signature
    if endpoint := stated.get("BlobEndpoint") or _of_a_cloud(stated):
        config["endpoint"] = endpoint
    return config


def _of_a_cloud(stated: Mapping[str, str]) -> str | None:
    """Return the endpoint of a connection string that names a sovereign cloud."""
    if suffix := stated.get("EndpointSuffix"):
        protocol = stated.get("DefaultEndpointsProtocol", "https")
        return f"{protocol}://{stated.get('AccountName', '')}.blob.{suffix}"
    return None
