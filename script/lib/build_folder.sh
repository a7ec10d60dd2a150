# Sourced where build/ is written to, from the project's folder: what root has made there stays root's.
if [ -e build ] && [ ! -w build ]; then
    printf '%s: build/ is not yours:\n\n  sudo chown -R %s build\n\n' "$0" "$(id -un)" >&2
    exit 1
fi
