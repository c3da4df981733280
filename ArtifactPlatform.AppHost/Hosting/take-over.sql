-- Gives a database of the time when the services connected as superuser to ROLE. The database itself comes last: then everything is done.
DO $$
DECLARE thing text;
BEGIN
  FOR thing IN
    SELECT format('TABLE %s', oid::regclass) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
    UNION ALL
    SELECT format('SEQUENCE %s', oid::regclass) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
      AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('a', 'i'))
    UNION ALL
    SELECT format('FUNCTION %s', oid::regprocedure) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    UNION ALL SELECT 'SCHEMA public' UNION ALL SELECT 'DATABASE ROLE'
  LOOP
    EXECUTE format('ALTER %s OWNER TO ROLE', thing);
  END LOOP;
END $$
