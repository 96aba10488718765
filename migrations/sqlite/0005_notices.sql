-- Notices: what consumers and the public are told, and who was reached, how and when.
--
-- Instants are microseconds UTC since 1970. Ids are text.

-- Written in the transaction of the step that it tells of. It holds no dates: those are the plan's when it is told.
CREATE TABLE notice (
    id         TEXT    NOT NULL PRIMARY KEY,
    rollout    TEXT    NOT NULL REFERENCES rollout (id),
    surface    TEXT    NOT NULL REFERENCES surface (id),
    kind       TEXT    NOT NULL,
    -- Id of a consumer, or `changelog`, `status`, `banner`.
    recipient  TEXT    NOT NULL,
    revision   INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    -- When its deliveries were written; NULL until then.
    planned_at INTEGER
) STRICT;

CREATE INDEX notice_unplanned ON notice (created_at, id) WHERE planned_at IS NULL;
CREATE INDEX notice_rollout ON notice (rollout, created_at, id);
-- A feed is one range of this: of a surface and `changelog`, `status`, `banner` or one consumer.
CREATE INDEX notice_feed ON notice (surface, recipient, created_at, id);

-- The ledger: one row for each notice, channel and address.
CREATE TABLE delivery (
    notice       TEXT    NOT NULL REFERENCES notice (id),
    channel      TEXT    NOT NULL CHECK (channel IN ('email', 'webhook', 'statuspage', 'page', 'none')),
    -- An e-mail address, the id of a webhook, the name of a page; empty when there is nobody to reach.
    address      TEXT    NOT NULL,
    rollout      TEXT    NOT NULL REFERENCES rollout (id),
    -- NULL for the public.
    consumer     TEXT,
    state        TEXT    NOT NULL CHECK (state IN
                     ('pending', 'delivered', 'failed', 'bounced', 'suppressed', 'unreachable')),
    attempts     INTEGER NOT NULL,
    -- When it is tried next; NULL when it will not be.
    next_at      INTEGER,
    delivered_at INTEGER,
    -- Why the last try did not deliver, or why nobody tries.
    error        TEXT,
    -- What the other side calls it.
    remote_id    TEXT,
    -- The address that could not be reached, which this one stands in for.
    stands_for   TEXT,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (notice, channel, address)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_due ON delivery (next_at, notice, channel, address) WHERE next_at IS NOT NULL;
CREATE INDEX delivery_waiting ON delivery (channel) WHERE state = 'pending' AND next_at IS NULL;
CREATE INDEX delivery_rollout ON delivery (rollout, created_at, notice, channel, address);

-- Where signed messages go. The secret is derived from the key in the data folder, id and generation: none is here.
CREATE TABLE webhook (
    id             TEXT    NOT NULL PRIMARY KEY,
    surface        TEXT    NOT NULL REFERENCES surface (id),
    -- NULL is the owner's: everything that concerns the surface.
    consumer       TEXT    REFERENCES consumer (id),
    url            TEXT    NOT NULL,
    -- Of the secret, from 1.
    generation     INTEGER NOT NULL,
    -- Until when the secret before signs too; NULL when it does not.
    previous_until INTEGER,
    created_at     INTEGER NOT NULL,
    -- Set when the other side said that it is gone, or when it was removed: nothing is sent any more.
    ended_at       INTEGER,
    ended_why      TEXT
) STRICT;

CREATE INDEX webhook_surface ON webhook (surface, created_at, id);

-- Addresses that asked for no more of what may be declined.
CREATE TABLE suppressed (
    address    TEXT    NOT NULL,
    stream     TEXT    NOT NULL CHECK (stream IN ('courtesy')),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (address, stream)
) STRICT, WITHOUT ROWID;

-- What the status page of others calls each of our dates, so that a date that moves moves there too.
CREATE TABLE status_entry (
    rollout    TEXT    NOT NULL REFERENCES rollout (id),
    -- Stable name of the date or brownout within its rollout.
    event      TEXT    NOT NULL,
    page       TEXT    NOT NULL,
    remote_id  TEXT    NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (rollout, event, page)
) STRICT, WITHOUT ROWID;
