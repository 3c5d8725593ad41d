-- Every charge of a customer's card. The bank refuses a second one with the same key.
CREATE TABLE charges (job text NOT NULL, key text UNIQUE);
