"""Make the secrets of docker-compose.yml: `python deploy/make_secrets.py FOLDER`. Old ones are kept.

With them the certificates by which the parts know each other and log in to each other inside
(docs/deployment.md, Connections inside); `--renew` makes these anew, and nothing else.
"""

import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def make(folder: Path, *, renew: bool = False) -> list[str]:
    """The names of the files that were made: 0444, for a container's user reads them, in a folder of 0700."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)  # also one that was there before, as everybody may read what is in it
    files = {
        # PostgreSQL's image demands one. Nobody uses it: the superuser comes by the socket in the container.
        "postgres_password": secrets.token_hex(24),
        "secret_key": secrets.token_urlsafe(60),
        # Ed25519: signs the seals of the audit. The sealer's container alone gets it.
        "seal_key": secrets.token_hex(32),
        # Of identifiers (vault/keys.py): lost, they are unreadable for ever. Copy it, apart from the backups.
        "field_keys": f"index {secrets.token_hex(32)}\n{secrets.token_hex(4)} {secrets.token_hex(32)}\n",
        "redis_url": f"rediss://redis:6379/0?ssl_ca_certs={CA}&ssl_certfile={APP}&ssl_keyfile={APP}",
        # What is lost with Redis is a wake-up, for rows decide; but nothing may be evicted: it counts tries.
        # Its protected mode knows passwords alone; here nobody comes in without a certificate.
        "redis_conf": "protected-mode no\nappendonly yes\ndir /data\n"
        "maxmemory 256mb\nmaxmemory-policy noeviction\n"
        "port 0\ntls-port 6379\ntls-auth-clients yes\n"
        f"tls-ca-cert-file {CA}\n"
        "tls-cert-file /run/secrets/redis_cert\ntls-key-file /run/secrets/redis_key\n",
        "smtp_password": "",
    }
    for name, role in URLS.items():
        mine = LOGIN.format(role)
        files[name] = (
            f"postgres://rmcrm_{role}@postgres:5432/rmcrm"
            f"?sslmode=verify-full&sslrootcert={CA}&sslcert={mine}&sslkey={mine}"
        )
    if renew or not all((folder / name).exists() for name in CERTIFICATES):
        for name in CERTIFICATES:  # one authority signs all of them: none is kept without the others
            (folder / name).unlink(missing_ok=True)
        files |= certificates()
    made = [name for name in files if not (folder / name).exists()]
    for name in made:
        (folder / name).write_text(files[name], encoding="utf-8")
        (folder / name).chmod(0o444)
    return made


def certificates() -> dict[str, str]:
    """An authority for this installation alone, and what it signs: servers, and who logs in to them.

    The authority's own key is not kept: nothing more can be signed, and renewing is making all anew.
    """
    if not shutil.which("openssl"):
        sys.exit("openssl is not installed: it makes the certificates by which the parts know each other.")
    with tempfile.TemporaryDirectory() as place:
        run("req", "-x509", *NEW_KEY, "ca.key", "-out", "ca.pem", "-days", DAYS, "-subj", "/CN=RM CRM inside",
            "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0",
            "-addext", "keyUsage=critical,keyCertSign", place=place)  # fmt: skip
        found = {"ca_cert": Path(place, "ca.pem").read_text(encoding="utf-8")}
        for server, use in SERVERS.items():
            found[f"{server}_key"], found[f"{server}_cert"] = signed(
                server, f"extendedKeyUsage={use}\nsubjectAltName=DNS:{server},DNS:localhost\n", place
            )
        for role in ROLES:  # PostgreSQL wants the role's name; key and certificate in one file
            found[f"{role}_login"] = "".join(signed(f"rmcrm_{role}", "extendedKeyUsage=clientAuth\n", place))
    return found


def signed(name: str, more: str, place: str) -> tuple[str, str]:
    """Key and certificate for a name, for the uses that `more` says."""
    Path(place, "what").write_text(
        "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
        f"subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n{more}",
        encoding="utf-8",
    )
    run("req", "-new", *NEW_KEY, "key", "-out", "asked", "-subj", f"/CN={name}", place=place)
    number = str(secrets.randbits(120))
    run("x509", "-req", "-in", "asked", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", number,
        "-days", DAYS, "-extfile", "what", "-out", "cert", place=place)  # fmt: skip
    key, certificate = (Path(place, kind).read_text(encoding="utf-8") for kind in ("key", "cert"))
    return key, certificate


def run(*command: str, place: str) -> None:
    words = ["openssl", *command]  # ours, every one of them
    subprocess.run(words, cwd=place, check=True, capture_output=True)  # noqa: S603


CA = "/run/secrets/ca_cert"  # as the containers see it
LOGIN = "/tmp/{}_login"  # noqa: S108 - a container's own memory, where docker-compose.yml copies it
APP = LOGIN.format("app")
DAYS = "100"  # renewed each month, one may fail twice before something stands still
NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout")
SERVERS = {
    "postgres": "serverAuth",
    "redis": "serverAuth,clientAuth",  # its own probe knocks with it
    "web": "serverAuth",
}
ROLES = ("owner", "app", "loader", "sealer")
CERTIFICATES = (
    "ca_cert",
    *(f"{server}_{kind}" for server in SERVERS for kind in ("key", "cert")),
    *(f"{role}_login" for role in ROLES),
)
URLS = {
    "database_url": "app",
    "database_owner_url": "owner",
    "database_loader_url": "loader",
    "database_sealer_url": "sealer",
}


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if word != "--renew"]
    if len(given) != 1:
        sys.exit("Say where: python deploy/make_secrets.py secrets [--renew]")
    made = make(Path(given[0]), renew="--renew" in sys.argv)
    print(f"Made {', '.join(made)}." if made else "Everything was there already.")
    print(f"The certificates are good for {DAYS} days: let a cron renew them each month.")
    print(
        "Put the mail server's password into smtp_password, and keep the folder out of backups of the code."
    )
