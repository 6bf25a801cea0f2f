#!/bin/bash
# Runs once, when the database is made: four roles of which none is a superuser, and the database of the owner.
# What each may do in it, migrations grant.
set -euo pipefail
# Over the network nobody but these four, by TLS and a certificate on the role's name: no password opens anything.
# The superuser comes by the socket, which is in this container alone.
cat > "$PGDATA/pg_hba.conf" <<'HBA'
local   all    postgres                                                  peer
hostssl rmcrm  rmcrm_owner,rmcrm_app,rmcrm_loader,rmcrm_sealer  all      cert
HBA
psql --set ON_ERROR_STOP=1 --username postgres --dbname postgres <<'SQL'
CREATE ROLE rmcrm_owner LOGIN NOSUPERUSER NOBYPASSRLS;
CREATE ROLE rmcrm_app LOGIN NOSUPERUSER NOBYPASSRLS;
CREATE ROLE rmcrm_loader LOGIN NOSUPERUSER NOBYPASSRLS;
CREATE ROLE rmcrm_sealer LOGIN NOSUPERUSER NOBYPASSRLS;
CREATE DATABASE rmcrm OWNER rmcrm_owner TEMPLATE template0;
REVOKE ALL ON DATABASE rmcrm FROM PUBLIC;
GRANT CONNECT ON DATABASE rmcrm TO rmcrm_app, rmcrm_loader, rmcrm_sealer;
SQL
psql --set ON_ERROR_STOP=1 --username postgres --dbname rmcrm <<'SQL'
ALTER SCHEMA public OWNER TO rmcrm_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
