"""Make the secrets of docker-compose.yml: `python deploy/make_secrets.py FOLDER`. Old ones are kept.

With them the certificates by which the parts know each other inside (docs/deployment.md, Connections inside).
"""

import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def make(folder: Path) -> list[str]:
    """The names of the files that were made: 0444, for a container's user reads them, in a folder of 0700."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)  # also one that was there before, as everybody may read what is in it
    passwords = {role: kept(folder / f"{role}_password") or secrets.token_hex(24) for role in ROLES}
    redis = password_in(kept(folder / "redis_url")) or secrets.token_hex(24)
    files = {f"{role}_password": password for role, password in passwords.items()}
    files |= {
        name: f"postgres://rmcrm_{role}:{passwords[role]}@postgres:5432/rmcrm"
        f"?sslmode=verify-full&sslrootcert={CA}"
        for name, role in URLS.items()
    }
    files |= {
        "secret_key": secrets.token_urlsafe(60),
        # Ed25519: signs the seals of the audit. The sealer's container alone gets it.
        "seal_key": secrets.token_hex(32),
        # Of identifiers (vault/keys.py): lost, they are unreadable for ever. Copy it, apart from the backups.
        "field_keys": f"index {secrets.token_hex(32)}\n{secrets.token_hex(4)} {secrets.token_hex(32)}\n",
        "redis_url": f"rediss://:{redis}@redis:6379/0?ssl_ca_certs={CA}",
        # What is lost with Redis is a wake-up, for rows decide; but nothing may be evicted: it counts tries.
        "redis_conf": f"requirepass {redis}\nappendonly yes\ndir /data\n"
        "maxmemory 256mb\nmaxmemory-policy noeviction\n"
        "port 0\ntls-port 6379\ntls-auth-clients no\n"
        f"tls-ca-cert-file {CA}\n"
        "tls-cert-file /run/secrets/redis_cert\ntls-key-file /run/secrets/redis_key\n",
        "smtp_password": "",
    }
    if not all((folder / name).exists() for name in CERTIFICATES):
        for name in CERTIFICATES:  # one authority signs all of them: none is kept without the others
            (folder / name).unlink(missing_ok=True)
        files |= certificates()
    made = [name for name in files if not (folder / name).exists()]
    for name in made:
        (folder / name).write_text(files[name], encoding="utf-8")
        (folder / name).chmod(0o444)
    return made


def certificates() -> dict[str, str]:
    """An authority for this installation alone, and what it signs: each server's key and certificate.

    The authority's own key is not kept: nothing more can be signed, and renewing is making all anew.
    """
    if not shutil.which("openssl"):
        sys.exit("openssl is not installed: it makes the certificates by which the parts know each other.")
    with tempfile.TemporaryDirectory() as place:
        run("req", "-x509", *NEW_KEY, "ca.key", "-out", "ca.pem", "-days", DAYS, "-subj", "/CN=RM CRM inside",
            "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0",
            "-addext", "keyUsage=critical,keyCertSign", place=place)  # fmt: skip
        found = {"ca_cert": Path(place, "ca.pem").read_text(encoding="utf-8")}
        for server in SERVERS:
            names = f"DNS:{server},DNS:localhost"
            Path(place, "what").write_text(
                "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
                "extendedKeyUsage=serverAuth\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
                f"subjectAltName={names}\n",
                encoding="utf-8",
            )
            run("req", "-new", *NEW_KEY, "key", "-out", "asked", "-subj", f"/CN={server}", place=place)
            number = str(secrets.randbits(120))
            run("x509", "-req", "-in", "asked", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", number,
                "-days", DAYS, "-extfile", "what", "-out", "cert", place=place)  # fmt: skip
            for kind in ("key", "cert"):
                found[f"{server}_{kind}"] = Path(place, kind).read_text(encoding="utf-8")
    return found


def run(*command: str, place: str) -> None:
    words = ["openssl", *command]  # ours, every one of them
    subprocess.run(words, cwd=place, check=True, capture_output=True)  # noqa: S603


CA = "/run/secrets/ca_cert"  # as the containers see it
DAYS = "730"
NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout")
SERVERS = ("postgres", "redis", "web")
CERTIFICATES = ("ca_cert", *(f"{server}_{kind}" for server in SERVERS for kind in ("key", "cert")))
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
