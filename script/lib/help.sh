# Sourced by the scripts first of all: --help prints the comment they begin with, and does nothing else.
case "${1-}" in
-h | --help)
    sed -n '2,${ /^#/!q; s/^# \{0,1\}//p }' "$0"
    exit
    ;;
esac
