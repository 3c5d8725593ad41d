ALTER TABLE customers ADD COLUMN name text;
UPDATE customers SET name = fullname;
ALTER TABLE customers ALTER COLUMN fullname DROP NOT NULL;

CREATE FUNCTION keep_names_equal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.name := coalesce(NEW.name, NEW.fullname);
        NEW.fullname := coalesce(NEW.fullname, NEW.name);
    ELSIF NEW.name IS DISTINCT FROM OLD.name THEN
        NEW.fullname := NEW.name;
    ELSE
        NEW.name := NEW.fullname;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_names_equal BEFORE INSERT OR UPDATE ON customers
    FOR EACH ROW EXECUTE FUNCTION keep_names_equal();
