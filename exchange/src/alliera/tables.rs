//! What an Alliera keeps, and how it looks in answers.
//!
//! `seq` numbers what is kept in the order in which it came: lists are in that order, so that a page stays where it is
//! when something is added. Ids are GUIDs in lowercase. Times are local texts, where they are not numbers: those are
//! seconds of Unix time.

/// The version of the tables: another one is refused.
pub(super) const VERSION: i64 = 1;
/// Marks the file as ours (`DAXa`).
pub(super) const APPLICATION_ID: i64 = 0x4441_5861;

pub(super) const TABLES: &str = "
CREATE TABLE counter(id INTEGER PRIMARY KEY CHECK(id = 1), seed INTEGER NOT NULL, next INTEGER NOT NULL) STRICT;
CREATE TABLE folder(
    seq INTEGER PRIMARY KEY, name TEXT NOT NULL, description TEXT, parent INTEGER REFERENCES folder(seq)
) STRICT;
CREATE INDEX folder_parent ON folder(parent);
CREATE TABLE released_folder(
    partner TEXT NOT NULL, instance TEXT NOT NULL, folder INTEGER NOT NULL REFERENCES folder(seq) ON DELETE CASCADE,
    PRIMARY KEY(partner, instance, folder)
) STRICT, WITHOUT ROWID;
CREATE TABLE organization(
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, comment TEXT,
    folder INTEGER NOT NULL REFERENCES folder(seq)
) STRICT;
CREATE TABLE owner(
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, family TEXT NOT NULL, specific TEXT NOT NULL,
    folder INTEGER NOT NULL REFERENCES folder(seq), organization INTEGER REFERENCES organization(seq),
    pin TEXT, comment TEXT, start TEXT, stop TEXT, disabled INTEGER NOT NULL, archived TEXT, created TEXT NOT NULL,
    wrong_pins INTEGER NOT NULL DEFAULT 0, locked_until INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX owner_live ON owner(seq, folder) WHERE archived IS NULL;
CREATE INDEX owner_organization ON owner(organization) WHERE organization IS NOT NULL;
CREATE INDEX owner_family ON owner(family);
CREATE INDEX owner_specific ON owner(specific);
CREATE TABLE attribute(
    owner INTEGER NOT NULL REFERENCES owner(seq), key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(owner, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX attribute_value ON attribute(key, value);
CREATE TABLE image(owner INTEGER PRIMARY KEY REFERENCES owner(seq), bytes BLOB NOT NULL) STRICT;
CREATE TABLE post_box(
    owner INTEGER NOT NULL REFERENCES owner(seq), text TEXT NOT NULL, priority INTEGER NOT NULL,
    PRIMARY KEY(owner, priority)
) STRICT, WITHOUT ROWID;
CREATE TABLE renz(
    recipient INTEGER PRIMARY KEY, owner INTEGER NOT NULL REFERENCES owner(seq), name TEXT NOT NULL, mobile TEXT,
    system INTEGER NOT NULL
) STRICT;
CREATE INDEX renz_owner ON renz(owner);
CREATE TABLE card(
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, owner INTEGER NOT NULL REFERENCES owner(seq), name TEXT NOT NULL,
    appearance TEXT, classification TEXT NOT NULL, pin TEXT, start TEXT, stop TEXT, disabled INTEGER NOT NULL,
    archived TEXT, created TEXT NOT NULL
) STRICT;
CREATE INDEX card_owner ON card(owner);
CREATE TABLE code(
    seq INTEGER PRIMARY KEY, card INTEGER NOT NULL REFERENCES card(seq) ON DELETE CASCADE, format TEXT NOT NULL,
    number TEXT NOT NULL, UNIQUE(format, number)
) STRICT;
CREATE INDEX code_card ON code(card);
CREATE TABLE access_group(
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, folder INTEGER NOT NULL REFERENCES folder(seq),
    attributes TEXT NOT NULL
) STRICT;
CREATE TABLE door(
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, display TEXT, longitude REAL, latitude REAL
) STRICT;
CREATE TABLE group_door(
    access_group INTEGER NOT NULL REFERENCES access_group(seq), door INTEGER NOT NULL REFERENCES door(seq),
    PRIMARY KEY(access_group, door)
) STRICT, WITHOUT ROWID;
CREATE TABLE access_grant(
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, owner INTEGER NOT NULL REFERENCES owner(seq),
    card INTEGER REFERENCES card(seq) ON DELETE CASCADE, classification TEXT,
    access_group INTEGER NOT NULL REFERENCES access_group(seq), disabled INTEGER NOT NULL, start TEXT, stop TEXT,
    revoked TEXT
) STRICT;
CREATE INDEX grant_owner ON access_grant(owner);
CREATE INDEX grant_card ON access_grant(card) WHERE card IS NOT NULL;
CREATE TABLE log(
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, local TEXT NOT NULL, code INTEGER NOT NULL, name TEXT NOT NULL,
    actor TEXT NOT NULL, owner INTEGER REFERENCES owner(seq), folder INTEGER NOT NULL, text1 TEXT, text2 TEXT
) STRICT;
CREATE INDEX log_at ON log(at);
CREATE TABLE published(
    destination TEXT NOT NULL, access_group INTEGER NOT NULL REFERENCES access_group(seq),
    PRIMARY KEY(destination, access_group)
) STRICT, WITHOUT ROWID;
CREATE TABLE ticket(
    partner TEXT NOT NULL, instance TEXT NOT NULL, ticket TEXT NOT NULL, PRIMARY KEY(partner, instance, ticket)
) STRICT, WITHOUT ROWID;
CREATE TABLE package_box(
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, brand TEXT NOT NULL, placement TEXT NOT NULL, address TEXT NOT NULL,
    zip TEXT NOT NULL, city TEXT NOT NULL, country TEXT NOT NULL, longitude REAL NOT NULL, latitude REAL NOT NULL
) STRICT;
CREATE TABLE released_box(
    partner TEXT NOT NULL, instance TEXT NOT NULL, box INTEGER NOT NULL REFERENCES package_box(seq),
    PRIMARY KEY(partner, instance, box)
) STRICT, WITHOUT ROWID;
CREATE TABLE compartment(
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, box INTEGER NOT NULL REFERENCES package_box(seq),
    kind INTEGER NOT NULL, size INTEGER NOT NULL, height INTEGER NOT NULL, width INTEGER NOT NULL, depth INTEGER NOT NULL,
    load INTEGER NOT NULL
) STRICT;
CREATE INDEX compartment_box ON compartment(box);
CREATE TABLE reservation(
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, compartment INTEGER NOT NULL REFERENCES compartment(seq),
    partner TEXT NOT NULL, instance TEXT NOT NULL, begins INTEGER NOT NULL, ends INTEGER NOT NULL, pin TEXT NOT NULL,
    parcel TEXT, picked_up INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX reservation_compartment ON reservation(compartment, ends);
CREATE TABLE happened(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, partner TEXT NOT NULL, instance TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE TABLE done(
    seq INTEGER PRIMARY KEY, correlation TEXT NOT NULL UNIQUE, status INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
";

/// What came to the tables later, and is made where it is not there.
pub(super) const LATER_TABLES: &str = "
CREATE TABLE IF NOT EXISTS set_aside(seq INTEGER PRIMARY KEY, why TEXT NOT NULL) STRICT;
";

/// Who asks, what it may see of the above, and how that looks. All that operations read stands in a `seen_`, so that
/// what is not released does not exist for any. What belongs to an owner is looked up from there, each by itself: a list of
/// all owners that are seen would be made anew for each question.
pub(super) const VIEWS: &str = "
CREATE TEMP TABLE caller(partner TEXT NOT NULL, instance TEXT NOT NULL);
CREATE TEMP TABLE visible(folder INTEGER PRIMARY KEY);

CREATE TEMP VIEW seen_folder AS SELECT *, seq AS id FROM folder WHERE seq IN visible;
CREATE TEMP VIEW seen_organization AS SELECT * FROM organization WHERE folder IN visible;
CREATE TEMP VIEW seen_owner AS SELECT * FROM owner WHERE folder IN visible;
CREATE TEMP VIEW seen_card AS SELECT * FROM card
    WHERE (SELECT o.folder FROM owner o WHERE o.seq = card.owner) IN visible;
CREATE TEMP VIEW seen_group AS SELECT * FROM access_group WHERE folder IN visible;
CREATE TEMP VIEW seen_grant AS SELECT * FROM access_grant
    WHERE (SELECT o.folder FROM owner o WHERE o.seq = access_grant.owner) IN visible
        AND (SELECT g.folder FROM access_group g WHERE g.seq = access_group) IN visible;
CREATE TEMP VIEW seen_log AS SELECT * FROM log WHERE folder IN visible;
CREATE TEMP VIEW seen_published AS SELECT g.* FROM access_group g
    JOIN published ON access_group = g.seq JOIN caller ON destination = caller.partner;
CREATE TEMP VIEW seen_box AS SELECT package_box.* FROM package_box
    JOIN released_box ON box = seq JOIN caller USING(partner, instance);

CREATE TEMP VIEW folder_item AS SELECT seq, json_object(
    'folderId', seq, 'name', name, 'description', description,
    'parentFolderId', iif(parent IN visible, parent, NULL),
    'path', (WITH RECURSIVE up(seq, parent, path) AS (
        SELECT f.seq, f.parent, f.name
        UNION ALL SELECT p.seq, p.parent, p.name || '/' || path FROM up JOIN seen_folder p ON p.seq = up.parent
    ) SELECT path FROM up ORDER BY length(path) DESC LIMIT 1)
) AS item FROM folder f;
CREATE TEMP VIEW organization_item AS SELECT seq, json_object(
    'id', id, 'name', name, 'comment', comment, 'folderId', folder
) AS item FROM organization;
CREATE TEMP VIEW owner_item AS SELECT o.seq, json_object(
    'cardOwnerId', o.id, 'cardOwnerType', o.kind, 'familyName', o.family, 'specificName', o.specific,
    'primaryOrganization', json((SELECT i.item FROM organization_item i
        WHERE i.seq = o.organization AND i.seq IN (SELECT seq FROM seen_organization))),
    'cards', NULL, 'comment', o.comment, 'folderId', o.folder, 'disabled', json(iif(o.disabled, 'true', 'false')),
    'startTime', o.start, 'stopTime', o.stop, 'pinCode', NULL, 'attributes', NULL,
    'state', iif(o.archived IS NULL, 'Active', 'Archived'), 'archivedAt', o.archived, 'createTime', o.created,
    'postBoxNames', NULL
) AS item FROM owner o;
CREATE TEMP VIEW attribute_item AS SELECT seq AS owner,
    (SELECT json_group_object(key, value) FROM attribute a WHERE a.owner = o.seq) AS item FROM owner o;
CREATE TEMP VIEW post_box_item AS SELECT owner, priority AS seq,
    json_object('text', text, 'priority', priority) AS item FROM post_box;
CREATE TEMP VIEW card_item AS SELECT c.seq, c.owner, json_object(
    'cardId', c.id, 'name', c.name, 'owner', json_object(
        'cardOwnerId', o.id, 'cardOwnerType', o.kind, 'familyName', o.family, 'specificName', o.specific,
        'folderId', o.folder, 'disabled', json(iif(o.disabled, 'true', 'false')),
        'state', iif(o.archived IS NULL, 'Active', 'Archived'), 'createTime', o.created),
    'appearanceCode', c.appearance, 'classification', c.classification,
    'disabled', json(iif(c.disabled, 'true', 'false')), 'startTime', c.start, 'stopTime', c.stop,
    'createTime', c.created, 'pinCode', NULL, 'state', iif(c.archived IS NULL, 'Active', 'Archived'),
    'archivedAt', c.archived, 'codes', NULL
) AS item FROM card c JOIN owner o ON o.seq = c.owner;
CREATE TEMP VIEW code_item AS SELECT card, seq, json_object('format', format, 'number', number) AS item FROM code;
CREATE TEMP VIEW group_item AS SELECT seq, json_object(
    'accessGroupId', id, 'name', name, 'folderId', folder, 'attributes', json(attributes)
) AS item FROM access_group;
CREATE TEMP VIEW door_item AS SELECT seq, json_object(
    'doorId', id, 'name', name, 'displayName', display, 'longitude', longitude, 'latitude', latitude
) AS item FROM door;
CREATE TEMP VIEW grant_item AS SELECT g.seq, json_object(
    'grantId', g.id, 'cardOwnerId', o.id, 'cardId', c.id, 'cardClassification', g.classification,
    'revoked', json(iif(g.revoked IS NULL, 'false', 'true')), 'revokeTime', g.revoked, 'accessGroupId', a.id,
    'disabled', json(iif(g.disabled, 'true', 'false')), 'startTime', g.start, 'stopTime', g.stop
) AS item FROM access_grant g JOIN owner o ON o.seq = g.owner JOIN access_group a ON a.seq = g.access_group
    LEFT JOIN card c ON c.seq = g.card;
CREATE TEMP VIEW log_item AS SELECT l.seq, json_object(
    'timestamp', l.local, 'eventCode', l.code, 'eventName', l.name,
    'actor', json_object('participantId', 2, 'role', 'Integration', 'species', 'System', 'name', l.actor),
    'affected', json(iif(o.seq IS NULL, NULL, json_object('participantId', 100 + o.seq, 'role', 'CardOwner',
        'species', o.kind, 'name', o.specific || ' ' || o.family, 'cardOwnerId', o.id))),
    'originSystem', json_object('participantId', 1, 'role', 'System', 'species', 'System', 'name', 'Alliera'),
    'text1', l.text1, 'text2', l.text2
) AS item FROM log l LEFT JOIN owner o ON o.seq = l.owner;
CREATE TEMP VIEW box_item AS SELECT b.seq, json_object(
    'packageBoxId', b.id, 'brand', b.brand, 'placement', b.placement, 'address', b.address, 'zipCode', b.zip,
    'city', b.city, 'country', b.country, 'longitude', b.longitude, 'latitude', b.latitude,
    'numberOfBoxes', (SELECT count(*) FROM compartment WHERE box = b.seq),
    'boxSizes', json((SELECT json_group_array(size) FROM (
        SELECT DISTINCT size FROM compartment WHERE box = b.seq ORDER BY size))),
    'boxes', json((SELECT json_group_array(json(item)) FROM compartment_item WHERE box = b.seq))
) AS item FROM package_box b;
CREATE TEMP VIEW compartment_item AS SELECT seq, box, json_object('boxId', id, 'characteristics', json_object(
    'boxType', kind, 'boxSize', size, 'height', height, 'width', width, 'depth', depth, 'maximumLoad', load
)) AS item FROM compartment;
CREATE TEMP VIEW renz_item AS SELECT owner, recipient AS seq, system, json_object(
    'recipientId', recipient, 'displayName', name, 'mobilePhone', mobile, 'systemId', system
) AS item FROM renz;
";
