"""The certificate authorities that this process trusts where it speaks TLS to engines, tool servers, the OpenID provider, S3 and the receiver of traces."""

from pathlib import Path

from olamchat import environment

# As Python programs know them; the first that is there counts.
VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


def bundle() -> str | None:
    """Return the file (or folder) with the trusted certificates, None for the public ones that come with Python's packages.

    OLAMCHAT_CA_FILE counts before the variables that other programs have.
    """
    named = [
        environment.variable(name) for name in (environment.VARIABLES["ca_file"], *VARIABLES)
    ]  # before the settings are read for good, too
    return next((name for name in named if name and Path(name).exists()), None)
