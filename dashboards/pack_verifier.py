"""Check a regulator pack of RM CRM, offline: python verify_pack.py PACK.zip [--key=HEX of the key you trust].

Python 3.9 or newer. Whether the audit inside is as it was sealed, verifier.py beside this file says.
"""

import hashlib
import io
import json
import os
import sys
import zipfile


def manifest_hash(body):
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def check_files(archive):
    """(what is wrong, the manifest): each file is the one that was exported, and there is no other."""
    wrong = []
    manifest = json.loads(archive.read("manifest.json"))
    body = {name: value for name, value in manifest.items() if name != "sha256"}
    if manifest.get("sha256") != manifest_hash(body):
        wrong.append("manifest.json was changed")
    names = archive.namelist()
    for name in sorted(set(names) ^ {*manifest["files"], "manifest.json"}):
        wrong.append(f"{name} is not what the manifest lists")
    if len(names) != len(set(names)):
        wrong.append("a file stands in it twice")
    for name in sorted(set(names) & set(manifest["files"])):
        try:
            content = archive.read(name)
        except Exception as error:
            wrong.append(f"{name} cannot be read: {type(error).__name__}")
            continue
        if hashlib.sha256(content).hexdigest() != manifest["files"][name]["sha256"]:
            wrong.append(f"{name} is not the file that was exported")
    return wrong, manifest


def check_audit(archive, keys):
    """What is wrong with the sealed audit inside; None: it was not looked at."""
    try:
        import verifier
    except ImportError:
        return None
    with zipfile.ZipFile(io.BytesIO(archive.read("audit.zip"))) as inner:
        findings, _walk, _manifest = verifier.verify_export(inner, keys)
    return [f"audit: {verifier.words(finding)}" for finding in findings]


def main(arguments):
    keys = [each[6:] for each in arguments if each.startswith("--key=")]
    packs = [each for each in arguments if not each.startswith("--")]
    if len(packs) != 1:
        print("Say which pack: python verify_pack.py PACK.zip [--key=HEX of the public key you trust]")
        return 2
    try:
        with zipfile.ZipFile(packs[0]) as archive:
            wrong, manifest = check_files(archive)
            sealed = check_audit(archive, keys) if "audit.zip" in archive.namelist() and not wrong else []
    except Exception as error:  # a byte anywhere in a ZIP may have been flipped
        print(f"{os.path.basename(packs[0])} cannot be read: {type(error).__name__}: {error}")
        return 2
    for sentence in [*wrong, *(sealed or [])]:
        print(sentence)
    print(
        f"Client {manifest['client']} as it stood at {manifest['as_it_stood_at']},"
        f" exported by {manifest['exported_by']} at {manifest['exported_at']}"
    )
    if wrong or sealed:
        return 1
    if sealed is None:
        print("The files are whole. The audit was not looked at: put verifier.py beside this program.")
        return 3
    print(f"All is as it was exported. The bank's audit names this manifest: {manifest['sha256']}")
    if not keys and "audit.zip" in manifest["files"]:
        print("Its audit is sealed by the key inside: pass the one the bank has published with --key=HEX.")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
