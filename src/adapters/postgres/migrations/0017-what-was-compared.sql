-- Whoever admits a version signs which one they compared it with. A disabled version is admitted anew, by signatures: no row puts it back.
ALTER TABLE admission_requests ADD COLUMN before text;
ALTER TABLE admission_requests DROP CONSTRAINT admission_requests_kind_check;
ALTER TABLE admission_requests ADD CONSTRAINT admission_requests_kind_check
  CHECK (kind IN ('admit', 'disable', 'revoke', 'admit-targets', 'remove-targets', 'admit-policy'));

CREATE FUNCTION ended_admission_stays() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  RAISE EXCEPTION 'the admission was %', OLD.status USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER revoked_is_final ON admissions;
DROP FUNCTION revoked_is_final();
CREATE TRIGGER ended_admission_stays BEFORE UPDATE OF status ON admissions FOR EACH ROW
  WHEN (NEW.status <> OLD.status AND (OLD.status = 'revoked' OR NEW.status = 'in-force')) EXECUTE FUNCTION ended_admission_stays();
