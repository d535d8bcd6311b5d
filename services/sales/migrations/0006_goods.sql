-- Goods in three directions, what did not arrive, what was counted, what is held for a client.

-- A delivery goes from the programme (`from_outlet` NULL) or from an outlet to an outlet or to the makers (`outlet`
-- NULL). `state` follows from the dates and the claims, and is kept for those who look for what is open.
ALTER TABLE delivery
    ALTER COLUMN outlet DROP NOT NULL,
    ADD COLUMN kind          text NOT NULL DEFAULT 'consignment' CHECK (kind IN ('consignment', 'transfer', 'recall')),
    ADD COLUMN from_outlet   text REFERENCES outlet,
    ADD COLUMN state         text NOT NULL DEFAULT 'dispatched'
        CHECK (state IN ('dispatched', 'received', 'partial', 'resolved', 'cancelled')),
    ADD COLUMN cancelled_at  timestamptz,
    ADD COLUMN cancelled_for text,
    ADD CHECK (from_outlet <> outlet),
    ADD CHECK ((kind = 'consignment') = (from_outlet IS NULL)),
    ADD CHECK ((kind = 'recall') = (outlet IS NULL));

-- Which pieces a line means, when they have serials. `was`: the unit's state before it was sent, for when it is called
-- back; `settlement`: what answered the claim for it.
CREATE TABLE delivery_unit (
    delivery   bigint NOT NULL REFERENCES delivery,
    serial     text   NOT NULL,
    sku        text   NOT NULL,
    was        text   NOT NULL,
    arrived    text   CHECK (arrived IN ('received', 'missing', 'damaged')),
    settlement bigint,
    PRIMARY KEY (delivery, serial),
    FOREIGN KEY (delivery, sku) REFERENCES delivery_line (delivery, sku),
    CHECK (settlement IS NULL OR arrived IN ('missing', 'damaged'))
);

-- What was sent and did not arrive whole. `responsible`: the programme, or the outlet that sent it. Only `settled`
-- ever changes.
CREATE TABLE claim (
    no          bigint      PRIMARY KEY DEFAULT nextval('fact'),
    claim_id    uuid        NOT NULL UNIQUE,
    delivery    bigint      NOT NULL REFERENCES delivery,
    opened_at   timestamptz NOT NULL,
    quantity    int         NOT NULL CHECK (quantity > 0),
    settled     int         NOT NULL DEFAULT 0 CHECK (settled BETWEEN 0 AND quantity),
    sku         text        NOT NULL,
    kind        text        NOT NULL CHECK (kind IN ('missing', 'damaged')),
    outlet      text        REFERENCES outlet,
    responsible text        NOT NULL,
    UNIQUE (delivery, sku, kind)
);

CREATE TABLE claim_settlement (
    no         bigint      PRIMARY KEY DEFAULT nextval('fact'),
    claim      bigint      NOT NULL REFERENCES claim,
    settled_at timestamptz NOT NULL,
    quantity   int         NOT NULL CHECK (quantity > 0),
    resolution text        NOT NULL
        CHECK (resolution IN ('found', 'repaired', 'returned-to-maker', 'lost', 'written-off')),
    settled_by text        NOT NULL,
    note       text
);
CREATE INDEX claim_settlement_of_claim ON claim_settlement (claim);
CREATE TRIGGER claim_settlement_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON claim_settlement
    EXECUTE FUNCTION refuse_change();

-- What did not arrive until now was kept on the note for this.
INSERT INTO claim (claim_id, delivery, opened_at, quantity, sku, kind, outlet, responsible)
SELECT gen_random_uuid(), d.no, d.received_at, lost.quantity, line.sku, lost.kind, d.outlet, 'programme'
FROM delivery d
JOIN delivery_line line ON line.delivery = d.no
CROSS JOIN LATERAL (
    VALUES ('missing', line.sent - line.received - line.damaged), ('damaged', line.damaged)
) AS lost (kind, quantity)
WHERE d.received_at IS NOT NULL AND lost.quantity > 0;
UPDATE delivery d
SET state = CASE WHEN EXISTS (SELECT FROM claim WHERE claim.delivery = d.no) THEN 'partial' ELSE 'received' END
WHERE received_at IS NOT NULL;
ALTER TABLE delivery
    ADD CHECK ((state IN ('received', 'partial', 'resolved')) = (received_at IS NOT NULL)),
    ADD CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL));
DROP INDEX delivery_in_transit;
CREATE INDEX delivery_in_transit ON delivery (outlet) WHERE state = 'dispatched';

-- Pieces leave a shelf when they are dispatched, come back when that is called off, and are set right by a count.
ALTER TABLE goods_movement DROP CONSTRAINT stock_movement_kind_check;
ALTER TABLE goods_movement
    ADD CONSTRAINT goods_movement_kind_check CHECK (kind IN ('received', 'dispatched', 'cancelled', 'adjusted')),
    ADD CONSTRAINT goods_movement_way_check CHECK (kind = 'adjusted' OR (delta < 0) = (kind = 'dispatched'));

-- What lay at an outlet at `counted_at`: an observation, which nothing that is told later changes. `expected` is what
-- the books said when it was recorded.
CREATE TABLE stock_count (
    no          bigint      PRIMARY KEY DEFAULT nextval('fact'),
    count_id    uuid        NOT NULL UNIQUE,
    counted_at  timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    outlet      text        NOT NULL REFERENCES outlet,
    counted_by  text        NOT NULL,
    note        text
);
CREATE INDEX stock_count_of_outlet ON stock_count (outlet, no);
CREATE TABLE stock_count_line (
    count    bigint   NOT NULL REFERENCES stock_count,
    counted  int      NOT NULL CHECK (counted >= 0),
    expected bigint   NOT NULL,
    position smallint NOT NULL,
    sku      text     NOT NULL REFERENCES product,
    PRIMARY KEY (count, sku)
);
CREATE INDEX stock_count_line_of_sku ON stock_count_line (sku, count);
CREATE TABLE stock_count_approval (
    count       bigint      PRIMARY KEY REFERENCES stock_count,
    approved_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    approved_by text        NOT NULL
);
CREATE TRIGGER stock_count_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_count
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stock_count_line_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_count_line
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stock_count_approval_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_count_approval
    EXECUTE FUNCTION refuse_change();

-- Pieces on a shelf that are held for a client. `stock.reserved` is the sum of the open ones, kept in their transaction.
CREATE TABLE reservation (
    no             bigint      PRIMARY KEY DEFAULT nextval('fact'),
    reservation_id uuid        NOT NULL UNIQUE,
    reserved_at    timestamptz NOT NULL,
    released_at    timestamptz,
    quantity       int         NOT NULL CHECK (quantity > 0),
    outlet         text        NOT NULL REFERENCES outlet,
    sku            text        NOT NULL,
    client         text        NOT NULL,
    note           text
);
CREATE INDEX reservation_of_outlet ON reservation (outlet, no);
ALTER TABLE stock ADD COLUMN reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0);
