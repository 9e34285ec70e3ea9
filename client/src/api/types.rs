// Made from api/dax-api.json by `cargo run -p daxsign-tests --bin dax_api`: change it there.
//! The objects of the API, and its values that have names.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::api::json::json_struct;
use crate::api::open_enum::{open_enum, open_number};
use crate::secret::Secret;
use crate::time::{LocalTime, UtcTime};

json_struct! {
    /// `AccessControlInstanceItem` of the API.
    pub struct AccessControlInstance {
        /// `accessControlInstanceId`: The instanceId used in paths.
        access_control_instance_id: Uuid = required "accessControlInstanceId",
        /// `clientVersion`: Version of the DAX client library at the instance.
        client_version: Option<String> = optional "clientVersion",
        /// `description`.
        description: Option<String> = optional "description",
        /// `lastActiveUtc`.
        last_active_utc: Option<UtcTime> = optional "lastActiveUtc",
        /// `name`.
        name: Option<String> = optional "name",
    }
}

json_struct! {
    /// `AccessGroupItem` of the API.
    pub struct AccessGroup {
        /// `accessControlSystem`.
        access_control_system: Option<String> = optional "accessControlSystem",
        /// `accessGroupId`.
        access_group_id: Uuid = required "accessGroupId",
        /// `latitude`.
        latitude: Option<f64> = optional "latitude",
        /// `longitude`.
        longitude: Option<f64> = optional "longitude",
        /// `receivingAccessControlInstance`.
        receiving_access_control_instance: Option<AccessControlInstance> = optional "receivingAccessControlInstance",
        /// `receivingPartner`.
        receiving_partner: Option<Partner> = optional "receivingPartner",
        /// `remoteAccessGroupId`.
        remote_access_group_id: Option<String> = optional "remoteAccessGroupId",
        /// `remoteName`.
        remote_name: Option<String> = optional "remoteName",
        /// `tags`.
        tags: Vec<Tag> = list "tags",
    }
}

json_struct! {
    /// `AccessGroupDto` of the API.
    pub struct AccessGroupDto {
        /// `accessGroupId`.
        access_group_id: Uuid = required "accessGroupId",
        /// `accessGroupName`.
        access_group_name: Option<String> = optional "accessGroupName",
        /// `latitude`.
        latitude: Option<f64> = optional "latitude",
        /// `longitude`.
        longitude: Option<f64> = optional "longitude",
    }
}

json_struct! {
    /// `AccessGroupSimpleItem` of the API.
    pub struct AccessGroupSimple {
        /// `accessGroupId`.
        access_group_id: Uuid = required "accessGroupId",
        /// `attributes`.
        attributes: BTreeMap<String, Option<String>> = list "attributes",
        /// `folderId`.
        folder_id: Option<i32> = optional "folderId",
        /// `name`.
        name: Option<String> = optional "name",
    }
}

json_struct! {
    /// `BoxCharacteristics` of the API.
    pub struct BoxCharacteristics {
        /// `boxSize`.
        box_size: Option<BoxSize> = optional "boxSize",
        /// `boxType`.
        box_type: Option<BoxType> = optional "boxType",
        /// `depth`: In mm.
        depth: Option<i32> = optional "depth",
        /// `height`: In mm.
        height: Option<i32> = optional "height",
        /// `maximumLoad`: In g.
        maximum_load: Option<i32> = optional "maximumLoad",
        /// `width`: In mm.
        width: Option<i32> = optional "width",
    }
}

json_struct! {
    /// `BoxItem` of the API.
    pub struct BoxItem {
        /// `boxId`.
        box_id: Uuid = required "boxId",
        /// `characteristics`.
        characteristics: Option<BoxCharacteristics> = optional "characteristics",
    }
}

json_struct! {
    /// `CallbackItem` of the API.
    pub struct Callback {
        /// `bearerToken`: Sent as bearer token on the callback.
        bearer_token: Option<Secret> = optional "bearerToken",
        /// `callbackId`.
        callback_id: Uuid = required "callbackId",
        /// `callbackUrl`: Called with POST.
        callback_url: Option<String> = optional "callbackUrl",
        /// `domain`.
        domain: Option<String> = optional "domain",
        /// `eventType`.
        event_type: Option<EventType> = optional "eventType",
        /// `headers`: Extra headers on the callback.
        headers: BTreeMap<String, Option<Secret>> = list "headers",
    }
}

json_struct! {
    /// `CallbackBase` of the API.
    pub struct CallbackBase {
        /// `bearerToken`: Sent as bearer token on the callback.
        bearer_token: Option<Secret> = optional "bearerToken",
        /// `callbackUrl`: Called with POST.
        callback_url: Option<String> = optional "callbackUrl",
        /// `domain`.
        domain: Option<String> = optional "domain",
        /// `eventType`.
        event_type: Option<EventType> = optional "eventType",
        /// `headers`: Extra headers on the callback.
        headers: BTreeMap<String, Option<Secret>> = list "headers",
    }
}

json_struct! {
    /// `CardItem` of the API.
    pub struct Card {
        /// `appearanceCode`.
        appearance_code: Option<String> = optional "appearanceCode",
        /// `archivedAt`.
        archived_at: Option<LocalTime> = optional "archivedAt",
        /// `cardId`.
        card_id: Uuid = required "cardId",
        /// `classification`.
        classification: Option<Classification> = optional "classification",
        /// `codes`: Only with `expand` "codes".
        codes: Vec<CardNumber> = list "codes",
        /// `createTime`.
        create_time: Option<LocalTime> = optional "createTime",
        /// `disabled`.
        disabled: Option<bool> = optional "disabled",
        /// `name`.
        name: Option<String> = optional "name",
        /// `owner`.
        owner: Option<CardOwner> = optional "owner",
        /// `pinCode`.
        pin_code: Option<Secret> = optional "pinCode",
        /// `startTime`.
        start_time: Option<LocalTime> = optional "startTime",
        /// `state`.
        state: Option<State> = optional "state",
        /// `stopTime`.
        stop_time: Option<LocalTime> = optional "stopTime",
    }
}

json_struct! {
    /// `CardNumberItem` of the API.
    pub struct CardNumber {
        /// `format`.
        format: Option<String> = optional "format",
        /// `number`.
        number: Option<String> = optional "number",
    }
}

json_struct! {
    /// `CardOwnerItem` of the API.
    pub struct CardOwner {
        /// `archivedAt`.
        archived_at: Option<LocalTime> = optional "archivedAt",
        /// `attributes`.
        attributes: BTreeMap<String, Option<String>> = list "attributes",
        /// `cardOwnerId`.
        card_owner_id: Uuid = required "cardOwnerId",
        /// `cardOwnerType`.
        card_owner_type: Option<CardOwnerType> = optional "cardOwnerType",
        /// `cards`: Only with `expand` "cards".
        cards: Vec<Card> = list "cards",
        /// `comment`.
        comment: Option<String> = optional "comment",
        /// `createTime`.
        create_time: Option<LocalTime> = optional "createTime",
        /// `disabled`.
        disabled: Option<bool> = optional "disabled",
        /// `familyName`.
        family_name: Option<String> = optional "familyName",
        /// `folderId`.
        folder_id: Option<i32> = optional "folderId",
        /// `pinCode`.
        pin_code: Option<Secret> = optional "pinCode",
        /// `postBoxNames`: Only with `expand` "postbox".
        post_box_names: Vec<PostBox> = list "postBoxNames",
        /// `primaryOrganization`.
        primary_organization: Option<Organization> = optional "primaryOrganization",
        /// `specificName`.
        specific_name: Option<String> = optional "specificName",
        /// `startTime`.
        start_time: Option<LocalTime> = optional "startTime",
        /// `state`.
        state: Option<State> = optional "state",
        /// `stopTime`.
        stop_time: Option<LocalTime> = optional "stopTime",
    }
}

json_struct! {
    /// `CommonCard` of the API.
    pub struct CommonCard {
        /// `cardId`.
        card_id: Option<String> = optional "cardId",
        /// `cardName`.
        card_name: Option<String> = optional "cardName",
        /// `cardNumbers`.
        card_numbers: Vec<CommonCardNumber> = list "cardNumbers",
    }
}

json_struct! {
    /// `CommonCardNumber` of the API.
    pub struct CommonCardNumber {
        /// `format`.
        format: Option<String> = optional "format",
        /// `number`.
        number: Option<String> = optional "number",
    }
}

json_struct! {
    /// `CommonCardOwner` of the API.
    pub struct CommonCardOwner {
        /// `cardOwnerId`.
        card_owner_id: Option<String> = optional "cardOwnerId",
        /// `cards`.
        cards: Vec<CommonCard> = list "cards",
        /// `familyName`.
        family_name: Option<String> = optional "familyName",
        /// `specificName`.
        specific_name: Option<String> = optional "specificName",
    }
}

json_struct! {
    /// `ContractItem` of the API.
    pub struct Contract {
        /// `accessControlInstance`.
        access_control_instance: Option<AccessControlInstance> = optional "accessControlInstance",
        /// `clauses`.
        clauses: Vec<ContractClause> = list "clauses",
        /// `contractId`.
        contract_id: Uuid = required "contractId",
        /// `createdOn`: When the contract was created or offered.
        created_on: Option<UtcTime> = optional "createdOn",
        /// `endsOn`: Expiry.
        ends_on: Option<UtcTime> = optional "endsOn",
        /// `promisee`.
        promisee: Option<Partner> = optional "promisee",
        /// `promisor`.
        promisor: Option<Partner> = optional "promisor",
        /// `signedOn`.
        signed_on: Option<UtcTime> = optional "signedOn",
        /// `state`.
        state: Option<String> = optional "state",
        /// `tags`.
        tags: Vec<Tag> = list "tags",
        /// `validityPeriod`.
        validity_period: Option<TimeSpan> = optional "validityPeriod",
    }
}

json_struct! {
    /// `ContractClauseItem` of the API.
    pub struct ContractClause {
        /// `clause`.
        clause: Option<String> = optional "clause",
        /// `property`.
        property: Option<String> = optional "property",
        /// `value`.
        value: Option<String> = optional "value",
    }
}

json_struct! {
    /// `CreateCardItem` of the API.
    pub struct CreateCardItem {
        /// `appearanceCode`.
        appearance_code: Option<String> = optional "appearanceCode",
        /// `classification`.
        classification: Option<Classification> = optional "classification",
        /// `codes`.
        codes: Vec<CardNumber> = list "codes",
        /// `name`.
        name: Option<String> = optional "name",
        /// `ownerId`: May be left out, though not nullable.
        owner_id: Option<Uuid> = optional "ownerId",
    }
}

json_struct! {
    /// `DeliveryRecipientItem` of the API.
    pub struct DeliveryRecipient {
        /// `emailAddress`.
        email_address: Option<String> = optional "emailAddress",
        /// `mobilePhone`.
        mobile_phone: Option<String> = optional "mobilePhone",
        /// `name`.
        name: Option<String> = optional "name",
    }
}

json_struct! {
    /// `DoorItem` of the API.
    pub struct Door {
        /// `displayName`.
        display_name: Option<String> = optional "displayName",
        /// `doorId`.
        door_id: Uuid = required "doorId",
        /// `latitude`: Unused at present.
        latitude: Option<f64> = optional "latitude",
        /// `longitude`: Unused at present.
        longitude: Option<f64> = optional "longitude",
        /// `name`.
        name: Option<String> = optional "name",
    }
}

json_struct! {
    /// `FolderItem` of the API.
    pub struct Folder {
        /// `description`.
        description: Option<String> = optional "description",
        /// `folderId`.
        folder_id: Option<i32> = optional "folderId",
        /// `name`.
        name: Option<String> = optional "name",
        /// `parentFolderId`.
        parent_folder_id: Option<i32> = optional "parentFolderId",
        /// `path`: Computed by the server.
        path: Option<String> = optional "path",
    }
}

json_struct! {
    /// `GrantItem` of the API.
    pub struct Grant {
        /// `accessGroupId`.
        access_group_id: Uuid = required "accessGroupId",
        /// `cardClassification`.
        card_classification: Option<String> = optional "cardClassification",
        /// `cardId`.
        card_id: Option<Uuid> = optional "cardId",
        /// `cardOwnerId`.
        card_owner_id: Uuid = required "cardOwnerId",
        /// `disabled`.
        disabled: Option<bool> = optional "disabled",
        /// `grantId`.
        grant_id: Uuid = required "grantId",
        /// `revokeTime`.
        revoke_time: Option<LocalTime> = optional "revokeTime",
        /// `revoked`.
        revoked: Option<bool> = optional "revoked",
        /// `startTime`.
        start_time: Option<LocalTime> = optional "startTime",
        /// `stopTime`.
        stop_time: Option<LocalTime> = optional "stopTime",
    }
}

json_struct! {
    /// `LogItem` of the API.
    pub struct Log {
        /// `actor`.
        actor: Option<Participant> = optional "actor",
        /// `affected`.
        affected: Option<Participant> = optional "affected",
        /// `eventCode`.
        event_code: Option<i32> = optional "eventCode",
        /// `eventName`.
        event_name: Option<String> = optional "eventName",
        /// `originSystem`.
        origin_system: Option<Participant> = optional "originSystem",
        /// `text1`.
        text1: Option<String> = optional "text1",
        /// `text2`.
        text2: Option<String> = optional "text2",
        /// `timestamp`.
        timestamp: Option<LocalTime> = optional "timestamp",
    }
}

json_struct! {
    /// `ObtainAccessGroupItem` of the API.
    pub struct ObtainAccessGroup {
        /// `accessControlSystem`.
        access_control_system: Option<String> = optional "accessControlSystem",
        /// `latitude`.
        latitude: Option<f64> = optional "latitude",
        /// `longitude`.
        longitude: Option<f64> = optional "longitude",
        /// `receivingAccessControlInstanceId`: The instance that owns the group.
        receiving_access_control_instance_id: Uuid = required "receivingAccessControlInstanceId",
        /// `receivingPartnerId`: The partner that owns the group.
        receiving_partner_id: Uuid = required "receivingPartnerId",
        /// `remoteAccessGroupId`.
        remote_access_group_id: Option<String> = optional "remoteAccessGroupId",
        /// `remoteName`.
        remote_name: Option<String> = optional "remoteName",
    }
}

json_struct! {
    /// `OrganizationItem` of the API.
    pub struct Organization {
        /// `comment`.
        comment: Option<String> = optional "comment",
        /// `folderId`.
        folder_id: Option<i32> = optional "folderId",
        /// `id`.
        id: Uuid = required "id",
        /// `name`.
        name: Option<String> = optional "name",
    }
}

json_struct! {
    /// `PackageBoxItem` of the API.
    pub struct PackageBox {
        /// `address`.
        address: Option<String> = optional "address",
        /// `boxSizes`.
        box_sizes: Vec<BoxSize> = list "boxSizes",
        /// `boxes`.
        boxes: Vec<BoxItem> = list "boxes",
        /// `brand`.
        brand: Option<String> = optional "brand",
        /// `city`.
        city: Option<String> = optional "city",
        /// `country`.
        country: Option<String> = optional "country",
        /// `latitude`.
        latitude: Option<f64> = optional "latitude",
        /// `longitude`.
        longitude: Option<f64> = optional "longitude",
        /// `numberOfBoxes`.
        number_of_boxes: Option<i32> = optional "numberOfBoxes",
        /// `packageBoxId`.
        package_box_id: Uuid = required "packageBoxId",
        /// `placement`.
        placement: Option<Placement> = optional "placement",
        /// `zipCode`.
        zip_code: Option<String> = optional "zipCode",
    }
}

json_struct! {
    /// `ParticipantItem` of the API.
    pub struct Participant {
        /// `cardOwnerId`.
        card_owner_id: Option<Uuid> = optional "cardOwnerId",
        /// `name`.
        name: Option<String> = optional "name",
        /// `participantId`.
        participant_id: Option<i32> = optional "participantId",
        /// `role`.
        role: Option<String> = optional "role",
        /// `species`.
        species: Option<String> = optional "species",
    }
}

json_struct! {
    /// `PartnerItem` of the API.
    pub struct Partner {
        /// `name`.
        name: Option<String> = optional "name",
        /// `partnerId`.
        partner_id: Uuid = required "partnerId",
    }
}

json_struct! {
    /// `PostBoxItem` of the API.
    pub struct PostBox {
        /// `priority`: A lower number ranks higher.
        priority: Option<i32> = optional "priority",
        /// `text`.
        text: Option<String> = optional "text",
    }
}

json_struct! {
    /// `RenzCardOwnerItem` of the API.
    pub struct RenzCardOwner {
        /// `address`.
        address: Option<String> = optional "address",
        /// `cardOwnerId`.
        card_owner_id: Uuid = required "cardOwnerId",
        /// `email`.
        email: Option<String> = optional "email",
        /// `familyName`.
        family_name: Option<String> = optional "familyName",
        /// `mobilePhone`.
        mobile_phone: Option<String> = optional "mobilePhone",
        /// `name`.
        name: Option<String> = optional "name",
        /// `recipients`.
        recipients: Vec<RenzRecipient> = list "recipients",
    }
}

json_struct! {
    /// `RenzRecipientItem` of the API.
    pub struct RenzRecipient {
        /// `displayName`.
        display_name: Option<String> = optional "displayName",
        /// `mobilePhone`.
        mobile_phone: Option<String> = optional "mobilePhone",
        /// `recipientId`.
        recipient_id: Option<i32> = optional "recipientId",
        /// `systemId`.
        system_id: Option<i32> = optional "systemId",
    }
}

json_struct! {
    /// `TagItem` of the API.
    pub struct Tag {
        /// `value`.
        value: Option<String> = optional "value",
    }
}

json_struct! {
    /// `TimeSpan` of the API.
    pub struct TimeSpan {
        /// `days`.
        days: Option<i32> = optional "days",
        /// `hours`.
        hours: Option<i32> = optional "hours",
        /// `milliseconds`.
        milliseconds: Option<i32> = optional "milliseconds",
        /// `minutes`.
        minutes: Option<i32> = optional "minutes",
        /// `seconds`.
        seconds: Option<i32> = optional "seconds",
        /// `ticks`.
        ticks: Option<i64> = optional "ticks",
        /// `totalDays`.
        total_days: Option<f64> = optional "totalDays",
        /// `totalHours`.
        total_hours: Option<f64> = optional "totalHours",
        /// `totalMilliseconds`.
        total_milliseconds: Option<f64> = optional "totalMilliseconds",
        /// `totalMinutes`.
        total_minutes: Option<f64> = optional "totalMinutes",
        /// `totalSeconds`.
        total_seconds: Option<f64> = optional "totalSeconds",
    }
}

json_struct! {
    /// What `get_folder` returns.
    pub struct GetFolderAnswer {
        /// `childFolders`.
        child_folders: Vec<Folder> = list "childFolders",
        /// `folder`.
        folder: Option<Folder> = optional "folder",
    }
}

json_struct! {
    /// What `get_recipient_capabilities` returns.
    pub struct GetRecipientCapabilitiesAnswer {
        /// `address`.
        address: Option<String> = optional "address",
        /// `capabilities`.
        capabilities: Vec<DeliveryCapabilities> = list "capabilities",
        /// `city`.
        city: Option<String> = optional "city",
        /// `zipCode`.
        zip_code: Option<String> = optional "zipCode",
    }
}

json_struct! {
    /// What `reserve_package_box` returns.
    pub struct ReservePackageBoxAnswer {
        /// `box`.
        r#box: Option<BoxItem> = optional "box",
        /// `reservationId`.
        reservation_id: Option<Uuid> = optional "reservationId",
    }
}

open_enum! {
    /// Known values, and any other.
    pub enum CardOwnerType {
        Person = "Person",
        Apartment = "Apartment",
    }
}

open_enum! {
    /// Known values, and any other.
    pub enum Classification {
        Regular = "regular",
        Restricted = "restricted",
    }
}

open_enum! {
    /// Known values, and any other.
    pub enum EventType {
        Pickup = "Pickup",
        Created = "Created",
    }
}

open_enum! {
    /// Known values, and any other.
    pub enum ExpandCard {
        Codes = "codes",
    }
}

open_enum! {
    /// Known values, and any other.
    pub enum ExpandOwner {
        Cards = "cards",
        Postbox = "postbox",
    }
}

open_enum! {
    /// Known values, and any other.
    pub enum Placement {
        Inside = "Inside",
        Outside = "Outside",
    }
}

open_enum! {
    /// Known values, and any other.
    pub enum State {
        Active = "Active",
        Archived = "Archived",
    }
}

open_number! {
    /// `BoxSize`: a number whose meaning the API does not tell.
    pub struct BoxSize;
}

open_number! {
    /// `BoxType`: a number whose meaning the API does not tell.
    pub struct BoxType;
}

open_number! {
    /// `DeliveryCapabilities`: a number whose meaning the API does not tell.
    pub struct DeliveryCapabilities;
}
