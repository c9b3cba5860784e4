"""Amazon S3, and what speaks its language."""

import os
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal

from .objects import ObjectStorage

if TYPE_CHECKING:
    from obstore.auth.boto3 import Boto3CredentialProvider
    from obstore.store import ClientConfig, RetryConfig, S3Store


class S3Storage(ObjectStorage):
    """A bucket of Amazon S3, or of the server in AWS_ENDPOINT_URL.

    Credentials and region come from where the AWS command line looks for them: the environment, the
    profile AWS_PROFILE in its files, single sign-on, a web identity, or the machine.

    Attributes:
        kind: `s3`.
    """

    scheme: ClassVar[str] = "s3"
    remedy: ClassVar[str] = "look at the credentials, as by `aws sts get-caller-identity`"

    kind: Literal["s3"] = "s3"

    def connect(self, client: "ClientConfig", retry: "RetryConfig") -> "S3Store":
        """See `ObjectStorage.connect`."""
        from obstore.store import S3Store

        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
        return S3Store(
            self.bucket,
            endpoint=endpoint,
            region=self._credentials.config.get("region") or "us-east-1",
            credential_provider=self._credentials,
            client_options=client,
            retry_config=retry,
        )

    @cached_property
    def _credentials(self) -> "Boto3CredentialProvider":
        """What finds the credentials, and renews them."""
        import boto3
        from botocore.exceptions import BotoCoreError
        from obstore.auth.boto3 import Boto3CredentialProvider

        try:
            return Boto3CredentialProvider(boto3.Session())
        except (BotoCoreError, ValueError) as error:
            raise self.refused("", "no credentials are found") from error
