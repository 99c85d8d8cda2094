# SPDX-License-Identifier: GPL-3.0-or-later
"""Gets a package into the cache by its registry's ordinary client, and reads its files."""
import hashlib
import subprocess
import tarfile

MIRROR = "http://deb.debian.org/debian"
MAX_FILE = 40_000_000       # octets; nothing that we read is larger


def debian(package, cache):
    folder = cache / "deb"
    folder.mkdir(parents=True, exist_ok=True)
    found = sorted(folder.glob(package + "_*.deb"))
    if not found:
        subprocess.run(["apt-get", "-o", "APT::Sandbox::User=root", "-q", "download", package],
                       cwd=folder, check=True, stdout=subprocess.DEVNULL)
        found = sorted(folder.glob(package + "_*.deb"))
    return found[-1]


def private_apt(folder, line):
    """Options by which apt-get knows one more list, kept apart from the machine's own."""
    lists = folder / "lists"
    options = ["-o", f"Dir::Etc::sourcelist={folder}/sources.list", "-o",
               "Dir::Etc::sourceparts=-", "-o", f"Dir::State::lists={lists}", "-o",
               "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache=",
               "-o", "APT::Sandbox::User=root", "-q"]
    if not (folder / "sources.list").exists():
        (lists / "partial").mkdir(parents=True, exist_ok=True)
        (folder / "sources.list").write_text(line + "\n", "utf-8")
        subprocess.run(["apt-get", *options, "update"], check=True, stdout=subprocess.DEVNULL)
    return options


def installer(package, cache):
    """A package of Debian's installer."""
    folder = cache / "udeb"
    found = sorted(folder.glob(package + "_*.udeb"))
    if not found:
        options = private_apt(folder,
                              f"deb {MIRROR} bookworm main/debian-installer")
        subprocess.run(["apt-get", *options, "download", package], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)
        found = sorted(folder.glob(package + "_*.udeb"))
    return found[-1]


def debian_source(package, cache):
    """What Debian builds a package from, where the built package leaves languages out.

    NAME is the upstream archive, NAME:PART one of several.
    """
    folder = cache / "src"
    name, _, part = package.partition(":")
    pattern = f"{name}_*.orig{'-' + part if part else ''}.tar.xz"
    found = sorted(folder.glob(pattern))
    if not found:
        options = private_apt(folder, f"deb-src {MIRROR} bookworm main")
        subprocess.run(["apt-get", *options, "source", "--download-only", "--only-source", name],
                       cwd=folder, check=True, stdout=subprocess.DEVNULL)
        found = sorted(folder.glob(pattern))
    return found[-1]


def npm(package, cache):
    folder = cache / "npm"
    folder.mkdir(parents=True, exist_ok=True)
    name = package.lstrip("@").replace("/", "-")
    at = name.rindex("@")
    path = folder / f"{name[:at]}-{name[at + 1:]}.tgz"
    if not path.exists():
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)
    return path


def control(path):
    """The files that tell dpkg about a package; debconf's templates are among them."""
    yield from files(path, "--ctrl-tarfile")


def files(path, part="--fsys-tarfile"):
    """(path, a function that gives the octets) of every file in a package."""
    if path.suffix in (".deb", ".udeb"):
        child = subprocess.Popen(["dpkg-deb", part, path], stdout=subprocess.PIPE)
        stream, mode = child.stdout, "r|"
    else:
        child, stream, mode = None, open(path, "rb"), "r|*"
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for entry in archive:
            if entry.isfile() and entry.size <= MAX_FILE:
                yield entry.name, lambda e=entry: archive.extractfile(e).read()
    stream.close()
    if child:
        child.wait()


def fetch(source, package, cache):
    """The package's archive, from the cache or the registry."""
    get = {"debian": debian, "installer": installer, "source": debian_source, "npm": npm}
    return get[source.origin](package, cache)


def fingerprint(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()
