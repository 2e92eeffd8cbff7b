-- The newer default of hosted projects: nothing in public is readable or writable until a migration grants it.
-- Runs after grants-open.sql, because the platform takes away from the older default instead of starting from nothing:
-- TRUNCATE, REFERENCES, TRIGGER and MAINTAIN on tables and UPDATE on sequences stay granted, and every function keeps
-- PostgreSQL's own EXECUTE for PUBLIC.

alter default privileges for role postgres in schema public
  revoke select, insert, update, delete on tables from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke usage, select on sequences from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke execute on functions from anon, authenticated, service_role;
