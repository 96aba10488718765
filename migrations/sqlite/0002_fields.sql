-- What was seen of calls: which leaves of a contract each key sent, and which it was given.
--
-- Never a value and never a name that the contract does not have. `day` counts UTC days since 1970.

-- The leaves of each operation of a contract, numbered once: what the journal says of calls is read by this.
CREATE TABLE contract_leaves (
    contract  TEXT    NOT NULL REFERENCES contract (id),
    operation TEXT    NOT NULL,
    -- Of the names, so that numbers of another table are told from these.
    digest    INTEGER NOT NULL,
    -- JSON array: the names by number.
    names     TEXT    NOT NULL,
    -- JSON: what the gateway reads messages by.
    plan      TEXT    NOT NULL,
    -- Parts of the contract that have no leaf of their own.
    cuts      INTEGER NOT NULL,
    PRIMARY KEY (contract, operation)
) STRICT;

-- The names of leaves, such as `request.body.amount`: the same across contracts and operations.
CREATE TABLE leaf (
    id   INTEGER NOT NULL PRIMARY KEY,
    name TEXT    NOT NULL UNIQUE
) STRICT;

-- Calls that ended, and of how many of them what was sent, and what was delivered, was read whole: the rest is a gap.
CREATE TABLE observed_day (
    day       INTEGER NOT NULL,
    surface   TEXT    NOT NULL,
    consumer  TEXT    NOT NULL,
    key       TEXT    NOT NULL,
    operation TEXT    NOT NULL,
    contract  TEXT    NOT NULL,
    calls     INTEGER NOT NULL,
    sent      INTEGER NOT NULL,
    delivered INTEGER NOT NULL,
    PRIMARY KEY (day, surface, consumer, key, operation, contract)
) STRICT, WITHOUT ROWID;

CREATE TABLE field_day (
    day       INTEGER NOT NULL,
    surface   TEXT    NOT NULL,
    consumer  TEXT    NOT NULL,
    key       TEXT    NOT NULL,
    operation TEXT    NOT NULL,
    contract  TEXT    NOT NULL,
    leaf      INTEGER NOT NULL REFERENCES leaf (id),
    calls     INTEGER NOT NULL,
    PRIMARY KEY (day, surface, consumer, key, operation, contract, leaf)
) STRICT, WITHOUT ROWID;

-- A rollout asks for a few operations of one surface, over months.
CREATE INDEX usage_day_operation ON usage_day (operation, day, consumer, key, status_class, calls);
CREATE INDEX observed_day_operation ON observed_day (operation, day, consumer, calls, sent, delivered);
CREATE INDEX field_day_operation ON field_day (operation, leaf, day, consumer, calls);
