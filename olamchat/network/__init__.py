"""What any process needs to reach a server over the network: addresses as people write them, the authorities it trusts, and the mail server."""
