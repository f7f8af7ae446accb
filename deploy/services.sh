#!/bin/sh
# Install and start what the whole suite needs: PostgreSQL, RabbitMQ and Chromium.
# For Debian and Ubuntu, with systemd or without (in a container); does nothing twice.
set -eu
cd /

say() {
    printf '%s\n' "$1"
}

fail() {
    printf 'make services: %s\n' "$1" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

wait_for() {
    name=$1
    shift
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 120 ] || fail "$name does not answer"
        sleep 0.5
    done
    say "$name answers."
}

install_packages() {
    wanted=
    command -v pg_ctlcluster >/dev/null || wanted="$wanted postgresql"
    [ -x /usr/sbin/rabbitmq-server ] || wanted="$wanted rabbitmq-server"
    if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null; then
        wanted="$wanted chromium"
    fi
    [ -n "$wanted" ] || return 0
    say "Installing$wanted"
    as_root apt-get update -qq
    # Ubuntu calls it by another name.
    apt-cache show chromium >/dev/null 2>&1 ||
        wanted=$(printf '%s' "$wanted" | sed 's/ chromium$/ chromium-browser/')
    # The locale decides the encoding of the new databases.
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 LC_ALL=C.UTF-8 \
        apt-get install -qq --yes --no-install-recommends $wanted >/dev/null
}

has_systemd() {
    [ -d /run/systemd/system ]
}

psql_as_postgres() {
    as_root runuser -u postgres -- psql --quiet --no-psqlrc --port 5432 "$@"
}

start_postgresql() {
    # shellcheck disable=SC2046
    set -- $(pg_lsclusters --no-header | awk '$3 == 5432')
    [ $# -gt 0 ] || fail "there is no PostgreSQL cluster on port 5432; make one with pg_createcluster"
    [ "$4" = online ] || as_root pg_ctlcluster "$1" "$2" start
    wait_for PostgreSQL pg_isready --host 127.0.0.1 --port 5432
    # In a container the cluster may have been made without a locale: then for bytes, not for text.
    if [ "$(psql_as_postgres -d template1 -Atc 'SHOW server_encoding')" != UTF8 ]; then
        psql_as_postgres -d postgres -v ON_ERROR_STOP=1 <<'SQL'
ALTER DATABASE template1 IS_TEMPLATE false;
DROP DATABASE template1;
CREATE DATABASE template1 TEMPLATE template0 ENCODING 'UTF8'
    LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' IS_TEMPLATE true;
SQL
    fi
    psql_as_postgres -d postgres -v ON_ERROR_STOP=1 <<'SQL'
SELECT 'CREATE ROLE storefront LOGIN CREATEDB PASSWORD ''storefront'''
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'storefront') \gexec
SELECT 'CREATE DATABASE storefront OWNER storefront'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'storefront') \gexec
SQL
}

# An AMQP server answers the protocol's greeting with a frame of type 1.
amqp_answers() {
    python3 -c '
import socket
with socket.create_connection(("127.0.0.1", 5672), 2) as server:
    server.settimeout(2)
    server.sendall(b"AMQP\x00\x00\x09\x01")
    raise SystemExit(server.recv(1) != b"\x01")
'
}

start_rabbitmq() {
    if ! amqp_answers >/dev/null 2>&1; then
        if has_systemd; then
            as_root systemctl start rabbitmq-server
        else
            # Left to itself it listens on every interface, and on a name that may not resolve.
            as_root env HOME=/var/lib/rabbitmq RABBITMQ_NODENAME=rabbit@localhost \
                RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 ERL_EPMD_ADDRESS=127.0.0.1 \
                RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}' \
                rabbitmq-server -detached >/dev/null
        fi
    fi
    wait_for RabbitMQ amqp_answers
}

if ! command -v apt-get >/dev/null; then
    fail "this is for Debian and Ubuntu. Elsewhere install PostgreSQL, RabbitMQ and Chromium yourself (macOS: brew install postgresql@17 rabbitmq, brew services start both), create the PostgreSQL role and database storefront with the password storefront and the right CREATEDB, or say where they are with TEST_POSTGRES_URL, TEST_RABBITMQ_URL and CHROMIUM"
fi
if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    fail "run it as root, or install sudo"
fi
install_packages
start_postgresql
start_rabbitmq
say "Chromium is $(command -v chromium || command -v chromium-browser)."
