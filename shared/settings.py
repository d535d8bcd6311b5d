"""What a process is told from outside: environment variables, or files of the same name in /run/secrets."""

from pathlib import Path
from typing import Any

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRETS = Path("/run/secrets")


class Settings(BaseSettings):
    """Read once, at start. Each service gets its own values under the same names."""

    model_config = SettingsConfigDict(env_prefix="karya_", frozen=True, extra="ignore")

    database_url: str
    amqp_url: str
    bind: str = "127.0.0.1"
    metrics_port: int = Field(default=0, description="health and metrics; 0 switches them off")
    log_level: str = "INFO"
    nik_key: str = Field(default="", description="training: 32 bytes, base64")
    statement_key: str = Field(default="", description="sales: 32 bytes, base64; opens the pages of statements")
    smtp_url: str = Field(default="", description="notify: smtp://user:password@host:port?from=address")
    http_port: int = 8080
    public_url: str = Field(
        default="http://127.0.0.1:8080",
        pattern=r"^https?://[!-~]{1,200}$",
        description="catalog, training, sales: where people reach this house; on labels and certificates, in letters",
    )
    files: str = Field(default="", description="catalog: the folder for photos, which all its replicas share")
    prefetch: int = Field(default=400, description="deliveries a subscriber may hold")
    batch_limit: int = Field(default=500, description="events that share a transaction")
    topology_seconds: float = Field(default=20, gt=0, description="from one look at the broker's queues to the next")
    digest_seconds: float = Field(default=20, gt=0, description="from one comparison with the producers to the next")
    till_grace_seconds: float = Field(
        default=60, ge=0, description="sales: how long tills' reports may overtake each other before a person is told"
    )


def read_settings(**overrides: Any) -> Settings:
    """The settings of this process. Raises pydantic.ValidationError that names what is missing."""
    secrets = SECRETS if SECRETS.is_dir() else None
    return Settings(_secrets_dir=secrets, **overrides)
