-- Makes the two roles and the database, once, as a superuser:
--   runuser -u postgres -- psql --file deploy/postgresql/roles.sql
-- casework_owner owns the tables: it makes, upgrades, restores and erases. casework is who serves:
-- it works with what is in the tables, and can only add to the log.
-- Then give each a password: \password casework_owner and \password casework
\set ON_ERROR_STOP on
CREATE ROLE casework_owner LOGIN;
CREATE ROLE casework LOGIN;
CREATE DATABASE casework OWNER casework_owner ENCODING 'UTF8' TEMPLATE template0;
