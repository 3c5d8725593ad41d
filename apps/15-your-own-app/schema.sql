CREATE TABLE bookings (id serial PRIMARY KEY, room text NOT NULL);
