"""Amazon S3 and compatible servers."""

import os
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal

from .objects import ObjectStorage

if TYPE_CHECKING:
    from obstore.auth.boto3 import Boto3CredentialProvider
    from obstore.store import ClientConfig, RetryConfig, S3Store


class S3Storage(ObjectStorage):
    """A bucket of Amazon S3, or of the compatible server at AWS_ENDPOINT_URL.

    The credentials and the region are found as by the AWS command line: in the environment, in the
    profile AWS_PROFILE, by single sign-on, by a web identity, or in the instance metadata.

    Attributes:
        kind: `s3`.
    """

    scheme: ClassVar[str] = "s3"
    remedy: ClassVar[str] = "check the credentials with `aws sts get-caller-identity`"

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
        """The provider of the credentials, which renews them."""
        import boto3
        from botocore.exceptions import BotoCoreError
        from obstore.auth.boto3 import Boto3CredentialProvider

        try:
            return Boto3CredentialProvider(boto3.Session())
        except (BotoCoreError, ValueError) as error:
            raise self.refused("", "no credentials found") from error
