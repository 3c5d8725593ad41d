ALTER TABLE customers ADD COLUMN name text;
UPDATE customers SET name = fullname;
CREATE FUNCTION copy_name() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN NEW.name := NEW.fullname; RETURN NEW; END';
CREATE TRIGGER copy_name BEFORE INSERT OR UPDATE OF fullname ON customers
    FOR EACH ROW EXECUTE FUNCTION copy_name();
