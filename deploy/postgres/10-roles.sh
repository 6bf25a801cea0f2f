#!/bin/bash
# Runs once, when the database is made: four roles of which none is a superuser, and the database of the owner.
# What each may do in it, migrations grant.
set -euo pipefail
# Whoever comes over the network comes over TLS, or not at all.
sed -i 's/^host\b/hostssl/' "$PGDATA/pg_hba.conf"
secret() { cat "/run/secrets/$1_password"; }
psql --set ON_ERROR_STOP=1 --username postgres --dbname postgres \
  --set owner="$(secret owner)" --set app="$(secret app)" --set loader="$(secret loader)" \
  --set sealer="$(secret sealer)" <<'SQL'
CREATE ROLE rmcrm_owner LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'owner';
CREATE ROLE rmcrm_app LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'app';
CREATE ROLE rmcrm_loader LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'loader';
CREATE ROLE rmcrm_sealer LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'sealer';
CREATE DATABASE rmcrm OWNER rmcrm_owner TEMPLATE template0;
REVOKE ALL ON DATABASE rmcrm FROM PUBLIC;
GRANT CONNECT ON DATABASE rmcrm TO rmcrm_app, rmcrm_loader, rmcrm_sealer;
SQL
psql --set ON_ERROR_STOP=1 --username postgres --dbname rmcrm <<'SQL'
ALTER SCHEMA public OWNER TO rmcrm_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
