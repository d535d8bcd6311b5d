-- What is known of outlets and products, as one value: as long as it is the same, nothing of it has changed.
-- Whoever books sales remembers what he read under it. A row, not a sequence: it changes when the change commits.

CREATE TABLE known (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    version uuid    NOT NULL DEFAULT gen_random_uuid()
) WITH (fillfactor = 50);
INSERT INTO known DEFAULT VALUES;

CREATE FUNCTION know_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE known SET version = gen_random_uuid();
    RETURN NULL;
END $$;

CREATE TRIGGER outlet_is_known AFTER INSERT OR UPDATE OR DELETE ON outlet EXECUTE FUNCTION know_anew();
CREATE TRIGGER agreement_is_known AFTER INSERT OR UPDATE OR DELETE ON agreement EXECUTE FUNCTION know_anew();
CREATE TRIGGER product_is_known AFTER INSERT OR UPDATE OR DELETE ON product EXECUTE FUNCTION know_anew();
CREATE TRIGGER product_maker_is_known AFTER INSERT OR UPDATE OR DELETE ON product_maker EXECUTE FUNCTION know_anew();
CREATE TRIGGER product_price_is_known AFTER INSERT OR UPDATE OR DELETE ON product_price EXECUTE FUNCTION know_anew();
CREATE TRIGGER maker_is_known AFTER INSERT OR UPDATE OR DELETE ON maker EXECUTE FUNCTION know_anew();
