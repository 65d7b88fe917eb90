-- Says what the serving role may do, after each "casework init" and "casework restore":
--   runuser -u postgres -- psql --dbname casework --file deploy/postgresql/grants.sql
-- Safe to repeat. Other roles than these: --set owner=NAME --set serving=NAME
\set ON_ERROR_STOP on
\if :{?owner} \else \set owner casework_owner \endif
\if :{?serving} \else \set serving casework \endif
BEGIN;
SET LOCAL ROLE :"owner";
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO :"serving";
GRANT USAGE ON SCHEMA public TO :"serving";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"serving";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO :"serving";
-- The log and what was signed of it are only added to, and of which release the tables are is the owner's to say
REVOKE UPDATE, DELETE ON audit_event, audit_node, audit_detail, checkpoint, checkpoint_copy
  FROM :"serving";
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM :"serving";
COMMIT;
