"""Make the secrets of docker-compose.yml: `python deploy/make_secrets.py FOLDER`. Old ones are kept."""

import secrets
import sys
from pathlib import Path


def make(folder: Path) -> list[str]:
    """The names of the files that were made: 0444, for a container's user reads them, in a folder of 0700."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)  # also one that was there before, as everybody may read what is in it
    passwords = {role: kept(folder / f"{role}_password") or secrets.token_hex(24) for role in ROLES}
    redis = password_in(kept(folder / "redis_url")) or secrets.token_hex(24)
    files = {f"{role}_password": password for role, password in passwords.items()}
    files |= {
        name: f"postgres://rmcrm_{role}:{passwords[role]}@postgres:5432/rmcrm" for name, role in URLS.items()
    }
    files |= {
        "secret_key": secrets.token_urlsafe(60),
        # Ed25519: signs the seals of the audit. The sealer's container alone gets it.
        "seal_key": secrets.token_hex(32),
        # Of identifiers (vault/keys.py): lost, they are unreadable for ever. Copy it, apart from the backups.
        "field_keys": f"index {secrets.token_hex(32)}\n{secrets.token_hex(4)} {secrets.token_hex(32)}\n",
        "redis_url": f"redis://:{redis}@redis:6379/0",
        # What is lost with Redis is a wake-up, for rows decide; but nothing may be evicted: it counts tries.
        "redis_conf": f"requirepass {redis}\nappendonly yes\ndir /data\n"
        "maxmemory 256mb\nmaxmemory-policy noeviction\n",
        "smtp_password": "",
    }
    made = [name for name in files if not (folder / name).exists()]
    for name in made:
        (folder / name).write_text(files[name], encoding="utf-8")
        (folder / name).chmod(0o444)
    return made


ROLES = ("postgres", "owner", "app", "loader", "sealer")
URLS = {
    "database_url": "app",
    "database_owner_url": "owner",
    "database_loader_url": "loader",
    "database_sealer_url": "sealer",
}


def kept(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def password_in(url: str) -> str:
    return url.partition("://:")[2].partition("@")[0]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say where: python deploy/make_secrets.py secrets")
    made = make(Path(sys.argv[1]))
    print(f"Made {', '.join(made)}." if made else "Everything was there already.")
    print(
        "Put the mail server's password into smtp_password, and keep the folder out of backups of the code."
    )
