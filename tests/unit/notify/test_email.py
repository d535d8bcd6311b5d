"""What the e-mail channel reads from its settings."""

import pytest

from services.notify.channels.email import EmailChannel


def test_the_url_names_the_server_the_login_and_the_sender() -> None:
    channel = EmailChannel.of("smtp://kabar:s%40ndi@mail.example.org:2525?from=kabar@karya.example.org")

    assert (channel.host, channel.port, channel.tls) == ("mail.example.org", 2525, False)
    assert (channel.user, channel.password, channel.sender) == ("kabar", "s@ndi", "kabar@karya.example.org")
    assert "s@ndi" not in repr(channel)


@pytest.mark.parametrize(("scheme", "port"), [("smtp", 587), ("smtps", 465)])
def test_the_port_follows_from_the_scheme(scheme: str, port: int) -> None:
    channel = EmailChannel.of(f"{scheme}://mail.example.org?from=kabar@karya.example.org")

    assert (channel.port, channel.tls, channel.user) == (port, scheme == "smtps", None)


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example.org?from=kabar@karya.example.org",
        "smtp://mail.example.org",
        "smtp://?from=kabar@karya.example.org",
        "smtp://mail.example.org?from=kabar",
    ],
)
def test_a_url_that_cannot_work_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="the SMTP URL is smtp://"):
        EmailChannel.of(url)
