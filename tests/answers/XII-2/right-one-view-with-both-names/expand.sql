ALTER TABLE customers RENAME TO customer_rows;
CREATE VIEW customers AS SELECT id, fullname, fullname AS name FROM customer_rows;
