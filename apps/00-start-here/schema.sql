CREATE TABLE orders (item text NOT NULL);
