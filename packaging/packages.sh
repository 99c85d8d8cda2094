# shellcheck shell=sh disable=SC2034
# SPDX-License-Identifier: GPL-3.0-or-later
# Debian 12 packages, and how to get what is missing. Read by ./quickstart and ./check.
run_packages="libgammu8 libsqlite3-0 libsodium23 libcjson1 libinih1 libicu72 libsystemd0 libseccomp2 libmicrohttpd12 libexpat1 libqrencode4 libphonenumber8 tzdata ca-certificates"
build_packages="gcc g++ make autoconf automake autoconf-archive pkg-config libgammu-dev libsqlite3-dev
  libsodium-dev libcjson-dev libinih-dev libicu-dev libsystemd-dev libseccomp-dev libmicrohttpd-dev libexpat1-dev
  libqrencode-dev libphonenumber-dev libcmocka-dev
  python3-minimal python3"
check_packages="git clang libclang-rt-14-dev shellcheck codespell sqlite3 python3-jsonschema zbar-tools librsvg2-bin fonts-dejavu-core"

# install_missing PACKAGE…: asks dpkg first, so that a second run needs neither network nor root.
install_missing() {
	missing=""
	for package in "$@"; do
		dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
			missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	command -v apt-get >/dev/null || {
		echo "missing:$missing (and no apt-get here to install them with)" >&2
		return 1
	}
	as_root=""
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || {
			echo "run as root or with sudo: apt-get install$missing" >&2
			return 1
		}
		as_root=sudo
	fi
	echo "installing:$missing"
	# shellcheck disable=SC2086 # a list of words
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
		$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
			--no-install-recommends $missing >/dev/null
}

# build_in FOLDER CONFIGURE-OPTION…: configures once (make sees to later changes), then makes.
build_in() {
	folder=$1
	shift
	[ -x ./configure ] || autoreconf -fi >/dev/null
	mkdir -p "$folder"
	if [ ! -f "$folder/Makefile" ]; then
		(cd "$folder" && ../configure --quiet "$@")
	fi
	make --no-print-directory -s -C "$folder" -j"$(nproc)" all
}
