#!/bin/sh
# Installs Soundbite for this user, without root; `install.sh --remove` takes it away again. Your notes, clips and
# settings are never touched: `soundbite doctor` says where they are.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data="${XDG_DATA_HOME:-$HOME/.local/share}"
home="${SOUNDBITE_PREFIX:-$HOME/.local}"
program="$home/lib/soundbite"
command="$home/bin/soundbite"

take_away() {
  rm -rf "$program"
  rm -f "$command" "$data/applications/soundbite.desktop" "$data/man/man1/soundbite.1.gz"
  rm -f "$data/metainfo/org.soundbite.Soundbite.metainfo.xml"
  rm -f "$data"/icons/hicolor/*/apps/soundbite.png "$data/icons/hicolor/scalable/apps/soundbite.svg"
}

tell_desktop() {
  if command -v update-desktop-database >/dev/null 2>&1; then
    update-desktop-database -q "$data/applications" || true
  fi
}

case "${1:-}" in
--remove)
  take_away
  tell_desktop
  echo "Soundbite is removed. Your notes, clips and settings are where they were."
  exit 0
  ;;
"") ;;
*)
  echo "usage: install.sh [--remove]" >&2
  exit 2
  ;;
esac

mkdir -p "$home/lib" "$home/bin" "$data"
# Beside the old one first: a full disk must not leave half a program.
rm -rf "$program.new"
cp -a "$here/soundbite" "$program.new"
take_away
mv "$program.new" "$program"
cp "$here/install.sh" "$program/install.sh"
ln -s "$program/soundbite" "$command"
cp -R "$here/share/." "$data/"
# The menu is started with another PATH than a terminal: it gets the whole path.
sed -i "s|^Exec=soundbite |Exec=\"$command\" |" "$data/applications/soundbite.desktop"
tell_desktop

echo "Soundbite is installed: $command"
case ":$PATH:" in
*":$home/bin:"*) ;;
*) echo "$home/bin is not on your PATH; the menu has an entry all the same." ;;
esac
echo "To remove it: $program/install.sh --remove"
