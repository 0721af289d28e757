#!/bin/sh
# Makes the disk image: make_dmg.sh Reserves.app OUT VERSION
# Signed only when CODESIGN_IDENTITY names a key of whoever builds; an unsigned image says so.
set -eu
app=$1 out=$2 version=$3
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp -R "$app" "$stage/Reserves.app"
ln -s /Applications "$stage/Applications"
if [ -n "${CODESIGN_IDENTITY:-}" ]; then
    codesign --deep --force --options runtime --sign "$CODESIGN_IDENTITY" "$stage/Reserves.app"
    codesign --verify --deep --strict "$stage/Reserves.app"
else
    echo "No CODESIGN_IDENTITY: the application is not signed."
fi
hdiutil create -volname "Reserves $version" -srcfolder "$stage" -fs HFS+ -format UDZO -ov "$out/reserves-$version.dmg"
