// Made from api/dax-api.json by `cargo run -p daxsign-tests --bin dax_api`: change it there.
//! The operations: each is made with what it must have, takes the rest by its methods, and is
//! called by a client.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::api::draft::Draft;
use crate::api::info::OperationInfo;
use crate::api::json::Bytes;
use crate::api::operation::{
    ById, Instance, Operation, Paged, read_list, read_nothing, read_one, read_whole,
};
use crate::api::operation_infos;
// All of both.
#[allow(clippy::wildcard_imports)]
use crate::api::{patches::*, types::*};
use crate::error::Error;
use crate::protocol::request::ApiRequest;
use crate::secret::Secret;
use crate::time::{LocalTime, UtcTime};

/// `POST /partners/{owningPartnerId}/instances/{owningInstanceId}/cards`.
#[derive(Clone, Debug)]
pub struct CreateCard {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `classification`.
    pub classification: Option<Classification>,
    /// `codes`.
    pub codes: Vec<CardNumber>,
    /// `disabled`.
    pub disabled: Option<bool>,
    /// `name`.
    pub name: String,
    /// `ownerId`: A cardOwnerId.
    pub owner_id: Uuid,
    /// `pinCode`: Left out: the card owner's PIN applies.
    pub pin_code: Option<Secret>,
    /// `startTime`: Left out: not set.
    pub start_time: Option<LocalTime>,
    /// `stopTime`: Left out: open ended.
    pub stop_time: Option<LocalTime>,
}

impl CreateCard {
    /// With what it must have.
    #[must_use]
    pub fn new(
        target: Instance,
        codes: Vec<CardNumber>,
        name: impl Into<String>,
        owner_id: Uuid,
    ) -> Self {
        Self {
            target,
            classification: None,
            codes,
            disabled: None,
            name: name.into(),
            owner_id,
            pin_code: None,
            start_time: None,
            stop_time: None,
        }
    }

    /// `classification`.
    #[must_use]
    pub fn classification(mut self, value: impl Into<Classification>) -> Self {
        self.classification = Some(value.into());
        self
    }

    /// `disabled`.
    #[must_use]
    pub fn disabled(mut self, value: impl Into<bool>) -> Self {
        self.disabled = Some(value.into());
        self
    }

    /// `pinCode`: Left out: the card owner's PIN applies.
    #[must_use]
    pub fn pin_code(mut self, value: impl Into<Secret>) -> Self {
        self.pin_code = Some(value.into());
        self
    }

    /// `startTime`: Left out: not set.
    #[must_use]
    pub fn start_time(mut self, value: impl Into<LocalTime>) -> Self {
        self.start_time = Some(value.into());
        self
    }

    /// `stopTime`: Left out: open ended.
    #[must_use]
    pub fn stop_time(mut self, value: impl Into<LocalTime>) -> Self {
        self.stop_time = Some(value.into());
        self
    }
}

impl Operation for CreateCard {
    type Answer = Card;

    const INFO: &'static OperationInfo = &operation_infos::CREATE_CARD;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .optional("classification", &self.classification)
            .required_list("codes", &self.codes)
            .optional("disabled", &self.disabled)
            .not_empty("name", self.name.is_empty())
            .required("name", &self.name)
            .required("ownerId", &self.owner_id)
            .optional("pinCode", &self.pin_code)
            .optional("startTime", &self.start_time)
            .optional("stopTime", &self.stop_time)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "card")
    }
}

/// `POST /partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners`
///
/// Also creates the cards in the body.
#[derive(Clone, Debug)]
pub struct CreateCardOwner {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `attributes`.
    pub attributes: BTreeMap<String, Option<String>>,
    /// `cardOwnerId`: The caller may choose the id; when left out the server makes one.
    pub card_owner_id: Option<Uuid>,
    /// `cardOwnerType`.
    pub card_owner_type: Option<CardOwnerType>,
    /// `cards`.
    pub cards: Vec<CreateCardItem>,
    /// `comment`.
    pub comment: Option<String>,
    /// `disabled`.
    pub disabled: Option<bool>,
    /// `familyName`.
    pub family_name: String,
    /// `folderId`.
    pub folder_id: i32,
    /// `organizationId`.
    pub organization_id: Option<Uuid>,
    /// `pinCode`.
    pub pin_code: Option<Secret>,
    /// `specificName`.
    pub specific_name: String,
    /// `startTime`: Left out: valid from now.
    pub start_time: Option<LocalTime>,
    /// `stopTime`: Left out: never expires.
    pub stop_time: Option<LocalTime>,
}

impl CreateCardOwner {
    /// With what it must have.
    #[must_use]
    pub fn new(
        target: Instance,
        attributes: BTreeMap<String, Option<String>>,
        family_name: impl Into<String>,
        folder_id: i32,
        specific_name: impl Into<String>,
    ) -> Self {
        Self {
            target,
            attributes,
            card_owner_id: None,
            card_owner_type: None,
            cards: Vec::new(),
            comment: None,
            disabled: None,
            family_name: family_name.into(),
            folder_id,
            organization_id: None,
            pin_code: None,
            specific_name: specific_name.into(),
            start_time: None,
            stop_time: None,
        }
    }

    /// `cardOwnerId`: The caller may choose the id; when left out the server makes one.
    #[must_use]
    pub fn card_owner_id(mut self, value: impl Into<Uuid>) -> Self {
        self.card_owner_id = Some(value.into());
        self
    }

    /// `cardOwnerType`.
    #[must_use]
    pub fn card_owner_type(mut self, value: impl Into<CardOwnerType>) -> Self {
        self.card_owner_type = Some(value.into());
        self
    }

    /// `cards`.
    #[must_use]
    pub fn cards(mut self, values: impl IntoIterator<Item = impl Into<CreateCardItem>>) -> Self {
        self.cards = values.into_iter().map(Into::into).collect();
        self
    }

    /// `comment`.
    #[must_use]
    pub fn comment(mut self, value: impl Into<String>) -> Self {
        self.comment = Some(value.into());
        self
    }

    /// `disabled`.
    #[must_use]
    pub fn disabled(mut self, value: impl Into<bool>) -> Self {
        self.disabled = Some(value.into());
        self
    }

    /// `organizationId`.
    #[must_use]
    pub fn organization_id(mut self, value: impl Into<Uuid>) -> Self {
        self.organization_id = Some(value.into());
        self
    }

    /// `pinCode`.
    #[must_use]
    pub fn pin_code(mut self, value: impl Into<Secret>) -> Self {
        self.pin_code = Some(value.into());
        self
    }

    /// `startTime`: Left out: valid from now.
    #[must_use]
    pub fn start_time(mut self, value: impl Into<LocalTime>) -> Self {
        self.start_time = Some(value.into());
        self
    }

    /// `stopTime`: Left out: never expires.
    #[must_use]
    pub fn stop_time(mut self, value: impl Into<LocalTime>) -> Self {
        self.stop_time = Some(value.into());
        self
    }
}

impl Operation for CreateCardOwner {
    type Answer = CardOwner;

    const INFO: &'static OperationInfo = &operation_infos::CREATE_CARD_OWNER;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .required_list("attributes", &self.attributes)
            .optional("cardOwnerId", &self.card_owner_id)
            .optional("cardOwnerType", &self.card_owner_type)
            .at_most("cards", self.cards.len(), 50)
            .list("cards", &self.cards)
            .optional("comment", &self.comment)
            .optional("disabled", &self.disabled)
            .not_empty("familyName", self.family_name.is_empty())
            .required("familyName", &self.family_name)
            .required("folderId", &self.folder_id)
            .optional("organizationId", &self.organization_id)
            .optional("pinCode", &self.pin_code)
            .not_empty("specificName", self.specific_name.is_empty())
            .required("specificName", &self.specific_name)
            .optional("startTime", &self.start_time)
            .optional("stopTime", &self.stop_time)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "cardOwner")
    }
}

/// `POST /partners/{owningPartnerId}/instances/{owningInstanceId}/folders`.
#[derive(Clone, Debug)]
pub struct CreateFolder {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `name`.
    pub name: String,
    /// `parentFolderId`.
    pub parent_folder_id: i32,
}

impl CreateFolder {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, name: impl Into<String>, parent_folder_id: i32) -> Self {
        Self {
            target,
            name: name.into(),
            parent_folder_id,
        }
    }
}

impl Operation for CreateFolder {
    type Answer = Folder;

    const INFO: &'static OperationInfo = &operation_infos::CREATE_FOLDER;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .not_empty("name", self.name.is_empty())
            .required("name", &self.name)
            .required("parentFolderId", &self.parent_folder_id)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "folder")
    }
}

/// `POST /partners/{owningPartnerId}/instances/{owningInstanceId}/organizations`.
#[derive(Clone, Debug)]
pub struct CreateOrganization {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `comment`.
    pub comment: Option<String>,
    /// `name`.
    pub name: String,
    /// `parentFolderId`.
    pub parent_folder_id: Option<i32>,
}

impl CreateOrganization {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, name: impl Into<String>) -> Self {
        Self {
            target,
            comment: None,
            name: name.into(),
            parent_folder_id: None,
        }
    }

    /// `comment`.
    #[must_use]
    pub fn comment(mut self, value: impl Into<String>) -> Self {
        self.comment = Some(value.into());
        self
    }

    /// `parentFolderId`.
    #[must_use]
    pub fn parent_folder_id(mut self, value: impl Into<i32>) -> Self {
        self.parent_folder_id = Some(value.into());
        self
    }
}

impl Operation for CreateOrganization {
    type Answer = Organization;

    const INFO: &'static OperationInfo = &operation_infos::CREATE_ORGANIZATION;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .optional("comment", &self.comment)
            .not_empty("name", self.name.is_empty())
            .required("name", &self.name)
            .optional("parentFolderId", &self.parent_folder_id)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "organization")
    }
}

/// `DELETE /callbacks/{callbackId}`.
#[derive(Clone, Debug)]
pub struct DeleteCallback {
    /// `callbackId`.
    pub callback_id: Uuid,
}

impl DeleteCallback {
    /// With what it must have.
    #[must_use]
    pub fn new(callback_id: Uuid) -> Self {
        Self { callback_id }
    }
}

impl Operation for DeleteCallback {
    type Answer = ();

    const INFO: &'static OperationInfo = &operation_infos::DELETE_CALLBACK;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .path(&self.callback_id)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_nothing(data)
    }
}

/// `DELETE /partners/{owningPartnerId}/instances/{owningInstanceId}/cards/{cardId}`.
#[derive(Clone, Debug)]
pub struct DeleteCard {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `cardId`.
    pub card_id: Uuid,
}

impl DeleteCard {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, card_id: Uuid) -> Self {
        Self { target, card_id }
    }
}

impl Operation for DeleteCard {
    type Answer = ();

    const INFO: &'static OperationInfo = &operation_infos::DELETE_CARD;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.card_id)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_nothing(data)
    }
}

/// `DELETE /partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}`
///
/// Archives.
#[derive(Clone, Debug)]
pub struct DeleteCardOwner {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `cardOwnerId`.
    pub card_owner_id: Uuid,
}

impl DeleteCardOwner {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, card_owner_id: Uuid) -> Self {
        Self {
            target,
            card_owner_id,
        }
    }
}

impl Operation for DeleteCardOwner {
    type Answer = ();

    const INFO: &'static OperationInfo = &operation_infos::DELETE_CARD_OWNER;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.card_owner_id)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_nothing(data)
    }
}

/// `DELETE /partners/{owningPartnerId}/instances/{owningInstanceId}/folders/{folderId}`
///
/// May be refused; the conditions are not stated.
#[derive(Clone, Debug)]
pub struct DeleteFolder {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `folderId`.
    pub folder_id: i32,
}

impl DeleteFolder {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, folder_id: i32) -> Self {
        Self { target, folder_id }
    }
}

impl Operation for DeleteFolder {
    type Answer = ();

    const INFO: &'static OperationInfo = &operation_infos::DELETE_FOLDER;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.folder_id)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_nothing(data)
    }
}

/// `DELETE /partners/{owningPartnerId}/instances/{owningInstanceId}/organizations/{organizationId}`
///
/// May be refused; the conditions are not stated.
#[derive(Clone, Debug)]
pub struct DeleteOrganization {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `organizationId`.
    pub organization_id: Uuid,
}

impl DeleteOrganization {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, organization_id: Uuid) -> Self {
        Self {
            target,
            organization_id,
        }
    }
}

impl Operation for DeleteOrganization {
    type Answer = ();

    const INFO: &'static OperationInfo = &operation_infos::DELETE_ORGANIZATION;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.organization_id)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_nothing(data)
    }
}

/// `GET /partners/{owningPartnerId}/instances/{owningInstanceId}/pincode`.
#[derive(Clone, Debug)]
pub struct GeneratePinCode {
    /// The partner and the instance that are asked.
    pub target: Instance,
}

impl GeneratePinCode {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance) -> Self {
        Self { target }
    }
}

impl Operation for GeneratePinCode {
    type Answer = Secret;

    const INFO: &'static OperationInfo = &operation_infos::GENERATE_PIN_CODE;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO).instance(self.target).finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "pinCode")
    }
}

/// `GET /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/{grantId}`.
#[derive(Clone, Debug)]
pub struct GetAccessGrant {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `grantId`.
    pub grant_id: Uuid,
}

impl GetAccessGrant {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, grant_id: Uuid) -> Self {
        Self { target, grant_id }
    }
}

impl Operation for GetAccessGrant {
    type Answer = Grant;

    const INFO: &'static OperationInfo = &operation_infos::GET_ACCESS_GRANT;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.grant_id)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "grant")
    }
}

/// `GET /partners/{owningPartnerId}/instances/{owningInstanceId}/cards/{cardId}`.
#[derive(Clone, Debug)]
pub struct GetCard {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `cardId`.
    pub card_id: Uuid,
    /// `expand`.
    pub expand: Vec<ExpandCard>,
}

impl GetCard {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, card_id: Uuid) -> Self {
        Self {
            target,
            card_id,
            expand: Vec::new(),
        }
    }

    /// `expand`.
    #[must_use]
    pub fn expand(mut self, values: impl IntoIterator<Item = impl Into<ExpandCard>>) -> Self {
        self.expand = values.into_iter().map(Into::into).collect();
        self
    }
}

impl Operation for GetCard {
    type Answer = Card;

    const INFO: &'static OperationInfo = &operation_infos::GET_CARD;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.card_id)
            .query_list("expand", &self.expand)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "card")
    }
}

/// `GET /partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}`.
#[derive(Clone, Debug)]
pub struct GetCardOwner {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `cardOwnerId`.
    pub card_owner_id: Uuid,
    /// `expand`.
    pub expand: Vec<ExpandOwner>,
    /// `selectedAttributes`.
    pub selected_attributes: Vec<String>,
}

impl GetCardOwner {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, card_owner_id: Uuid) -> Self {
        Self {
            target,
            card_owner_id,
            expand: Vec::new(),
            selected_attributes: Vec::new(),
        }
    }

    /// `expand`.
    #[must_use]
    pub fn expand(mut self, values: impl IntoIterator<Item = impl Into<ExpandOwner>>) -> Self {
        self.expand = values.into_iter().map(Into::into).collect();
        self
    }

    /// `selectedAttributes`.
    #[must_use]
    pub fn selected_attributes(
        mut self,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.selected_attributes = values.into_iter().map(Into::into).collect();
        self
    }
}

impl Operation for GetCardOwner {
    type Answer = CardOwner;

    const INFO: &'static OperationInfo = &operation_infos::GET_CARD_OWNER;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.card_owner_id)
            .query_list("expand", &self.expand)
            .query_list("selectedAttributes", &self.selected_attributes)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "cardOwner")
    }
}

/// `GET /partners/{owningPartnerId}/instances/{owningInstanceId}/folders/{folderId}`.
#[derive(Clone, Debug)]
pub struct GetFolder {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `folderId`.
    pub folder_id: i32,
    /// `includeChildFolders`.
    pub include_child_folders: Option<bool>,
}

impl GetFolder {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, folder_id: i32) -> Self {
        Self {
            target,
            folder_id,
            include_child_folders: None,
        }
    }

    /// `includeChildFolders`.
    #[must_use]
    pub fn include_child_folders(mut self, value: impl Into<bool>) -> Self {
        self.include_child_folders = Some(value.into());
        self
    }
}

impl Operation for GetFolder {
    type Answer = GetFolderAnswer;

    const INFO: &'static OperationInfo = &operation_infos::GET_FOLDER;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.folder_id)
            .query("includeChildFolders", self.include_child_folders.as_ref())
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_whole(data)
    }
}

/// `GET /partners/{owningPartnerId}/instances/{owningInstanceId}/organizations/{organizationId}`.
#[derive(Clone, Debug)]
pub struct GetOrganization {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `organizationId`.
    pub organization_id: Uuid,
}

impl GetOrganization {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, organization_id: Uuid) -> Self {
        Self {
            target,
            organization_id,
        }
    }
}

impl Operation for GetOrganization {
    type Answer = Organization;

    const INFO: &'static OperationInfo = &operation_infos::GET_ORGANIZATION;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.organization_id)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "organization")
    }
}

/// `GET /deliveries/packageboxes/{boxId}`.
#[derive(Clone, Debug)]
pub struct GetPackageBox {
    /// `boxId`.
    pub box_id: Uuid,
}

impl GetPackageBox {
    /// With what it must have.
    #[must_use]
    pub fn new(box_id: Uuid) -> Self {
        Self { box_id }
    }
}

impl Operation for GetPackageBox {
    type Answer = PackageBox;

    const INFO: &'static OperationInfo = &operation_infos::GET_PACKAGE_BOX;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO).path(&self.box_id).finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "packageBox")
    }
}

/// `GET /accessgroups/{accessGroupId}`.
#[derive(Clone, Debug)]
pub struct GetPublishedAccessGroup {
    /// `accessGroupId`.
    pub access_group_id: Uuid,
}

impl GetPublishedAccessGroup {
    /// With what it must have.
    #[must_use]
    pub fn new(access_group_id: Uuid) -> Self {
        Self { access_group_id }
    }
}

impl Operation for GetPublishedAccessGroup {
    type Answer = AccessGroup;

    const INFO: &'static OperationInfo = &operation_infos::GET_PUBLISHED_ACCESS_GROUP;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .path(&self.access_group_id)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "accessGroup")
    }
}

/// `POST /deliveries/recipientcapabilities`
///
/// The recipient is found by email, mobile number or both.
#[derive(Clone, Debug, Default)]
pub struct GetRecipientCapabilities {
    /// `emailAddress`.
    pub email_address: Option<String>,
    /// `mobilePhone`.
    pub mobile_phone: Option<String>,
    /// `zipCode`.
    pub zip_code: Option<String>,
}

impl GetRecipientCapabilities {
    /// With what it must have.
    #[must_use]
    pub fn new() -> Self {
        Self {
            email_address: None,
            mobile_phone: None,
            zip_code: None,
        }
    }

    /// `emailAddress`.
    #[must_use]
    pub fn email_address(mut self, value: impl Into<String>) -> Self {
        self.email_address = Some(value.into());
        self
    }

    /// `mobilePhone`.
    #[must_use]
    pub fn mobile_phone(mut self, value: impl Into<String>) -> Self {
        self.mobile_phone = Some(value.into());
        self
    }

    /// `zipCode`.
    #[must_use]
    pub fn zip_code(mut self, value: impl Into<String>) -> Self {
        self.zip_code = Some(value.into());
        self
    }
}

impl Operation for GetRecipientCapabilities {
    type Answer = GetRecipientCapabilitiesAnswer;

    const INFO: &'static OperationInfo = &operation_infos::GET_RECIPIENT_CAPABILITIES;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .optional("emailAddress", &self.email_address)
            .optional("mobilePhone", &self.mobile_phone)
            .optional("zipCode", &self.zip_code)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_whole(data)
    }
}

/// `GET /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgroups/{accessGroupId}`.
#[derive(Clone, Debug)]
pub struct GetRemoteAccessGroup {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `accessGroupId`.
    pub access_group_id: Uuid,
    /// `selectedAttributes`.
    pub selected_attributes: Vec<String>,
}

impl GetRemoteAccessGroup {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, access_group_id: Uuid) -> Self {
        Self {
            target,
            access_group_id,
            selected_attributes: Vec::new(),
        }
    }

    /// `selectedAttributes`.
    #[must_use]
    pub fn selected_attributes(
        mut self,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.selected_attributes = values.into_iter().map(Into::into).collect();
        self
    }
}

impl Operation for GetRemoteAccessGroup {
    type Answer = AccessGroupSimple;

    const INFO: &'static OperationInfo = &operation_infos::GET_REMOTE_ACCESS_GROUP;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.access_group_id)
            .query_list("selectedAttributes", &self.selected_attributes)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "accessGroup")
    }
}

/// `POST /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants`.
#[derive(Clone, Debug)]
pub struct GrantAccess {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `accessGroupId`.
    pub access_group_id: Uuid,
    /// `cardClassification`: Only to target every card of a classification.
    pub card_classification: Option<String>,
    /// `cardId`: Only to bind the grant to one card.
    pub card_id: Option<Uuid>,
    /// `cardOwnerId`.
    pub card_owner_id: Uuid,
    /// `startTime`.
    pub start_time: Option<LocalTime>,
    /// `stopTime`.
    pub stop_time: Option<LocalTime>,
}

impl GrantAccess {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, access_group_id: Uuid, card_owner_id: Uuid) -> Self {
        Self {
            target,
            access_group_id,
            card_classification: None,
            card_id: None,
            card_owner_id,
            start_time: None,
            stop_time: None,
        }
    }

    /// `cardClassification`: Only to target every card of a classification.
    #[must_use]
    pub fn card_classification(mut self, value: impl Into<String>) -> Self {
        self.card_classification = Some(value.into());
        self
    }

    /// `cardId`: Only to bind the grant to one card.
    #[must_use]
    pub fn card_id(mut self, value: impl Into<Uuid>) -> Self {
        self.card_id = Some(value.into());
        self
    }

    /// `startTime`.
    #[must_use]
    pub fn start_time(mut self, value: impl Into<LocalTime>) -> Self {
        self.start_time = Some(value.into());
        self
    }

    /// `stopTime`.
    #[must_use]
    pub fn stop_time(mut self, value: impl Into<LocalTime>) -> Self {
        self.stop_time = Some(value.into());
        self
    }
}

impl Operation for GrantAccess {
    type Answer = Grant;

    const INFO: &'static OperationInfo = &operation_infos::GRANT_ACCESS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .required("accessGroupId", &self.access_group_id)
            .optional("cardClassification", &self.card_classification)
            .optional("cardId", &self.card_id)
            .required("cardOwnerId", &self.card_owner_id)
            .optional("startTime", &self.start_time)
            .optional("stopTime", &self.stop_time)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "grant")
    }
}

/// `POST /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/grantmultiplecardowners`.
#[derive(Clone, Debug)]
pub struct GrantAccessGroupToCardOwners {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `accessGroupId`.
    pub access_group_id: Uuid,
    /// `cardOwnerIds`.
    pub card_owner_ids: Vec<Uuid>,
    /// `startTime`.
    pub start_time: Option<LocalTime>,
    /// `stopTime`.
    pub stop_time: Option<LocalTime>,
}

impl GrantAccessGroupToCardOwners {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, access_group_id: Uuid, card_owner_ids: Vec<Uuid>) -> Self {
        Self {
            target,
            access_group_id,
            card_owner_ids,
            start_time: None,
            stop_time: None,
        }
    }

    /// `startTime`.
    #[must_use]
    pub fn start_time(mut self, value: impl Into<LocalTime>) -> Self {
        self.start_time = Some(value.into());
        self
    }

    /// `stopTime`.
    #[must_use]
    pub fn stop_time(mut self, value: impl Into<LocalTime>) -> Self {
        self.stop_time = Some(value.into());
        self
    }
}

impl Operation for GrantAccessGroupToCardOwners {
    type Answer = Vec<Grant>;

    const INFO: &'static OperationInfo = &operation_infos::GRANT_ACCESS_GROUP_TO_CARD_OWNERS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .required("accessGroupId", &self.access_group_id)
            .required_list("cardOwnerIds", &self.card_owner_ids)
            .optional("startTime", &self.start_time)
            .optional("stopTime", &self.stop_time)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_list(data, "grants")
    }
}

/// `POST /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/grantmultiple`.
#[derive(Clone, Debug)]
pub struct GrantAccessGroupsToCardOwner {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `accessGroupIds`.
    pub access_group_ids: Vec<Uuid>,
    /// `cardClassification`: Only to target every card of a classification.
    pub card_classification: Option<String>,
    /// `cardId`: Only to bind the grant to one card.
    pub card_id: Option<Uuid>,
    /// `cardOwnerId`.
    pub card_owner_id: Uuid,
    /// `startTime`.
    pub start_time: Option<LocalTime>,
    /// `stopTime`.
    pub stop_time: Option<LocalTime>,
}

impl GrantAccessGroupsToCardOwner {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, access_group_ids: Vec<Uuid>, card_owner_id: Uuid) -> Self {
        Self {
            target,
            access_group_ids,
            card_classification: None,
            card_id: None,
            card_owner_id,
            start_time: None,
            stop_time: None,
        }
    }

    /// `cardClassification`: Only to target every card of a classification.
    #[must_use]
    pub fn card_classification(mut self, value: impl Into<String>) -> Self {
        self.card_classification = Some(value.into());
        self
    }

    /// `cardId`: Only to bind the grant to one card.
    #[must_use]
    pub fn card_id(mut self, value: impl Into<Uuid>) -> Self {
        self.card_id = Some(value.into());
        self
    }

    /// `startTime`.
    #[must_use]
    pub fn start_time(mut self, value: impl Into<LocalTime>) -> Self {
        self.start_time = Some(value.into());
        self
    }

    /// `stopTime`.
    #[must_use]
    pub fn stop_time(mut self, value: impl Into<LocalTime>) -> Self {
        self.stop_time = Some(value.into());
        self
    }
}

impl Operation for GrantAccessGroupsToCardOwner {
    type Answer = Vec<Grant>;

    const INFO: &'static OperationInfo = &operation_infos::GRANT_ACCESS_GROUPS_TO_CARD_OWNER;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .required_list("accessGroupIds", &self.access_group_ids)
            .optional("cardClassification", &self.card_classification)
            .optional("cardId", &self.card_id)
            .required("cardOwnerId", &self.card_owner_id)
            .optional("startTime", &self.start_time)
            .optional("stopTime", &self.stop_time)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_list(data, "grants")
    }
}

/// `GET /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants`.
#[derive(Clone, Debug)]
pub struct ListAccessGrants {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `idFilter`.
    pub id_filter: Vec<Uuid>,
    /// `cardOwnerFilter`.
    pub card_owner_filter: Vec<Uuid>,
    /// How many stand before the page.
    pub offset: Option<u64>,
    /// How many the page may hold.
    pub limit: Option<u32>,
}

impl ListAccessGrants {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance) -> Self {
        Self {
            target,
            id_filter: Vec::new(),
            card_owner_filter: Vec::new(),
            offset: None,
            limit: None,
        }
    }

    /// `idFilter`.
    #[must_use]
    pub fn id_filter(mut self, values: impl IntoIterator<Item = impl Into<Uuid>>) -> Self {
        self.id_filter = values.into_iter().map(Into::into).collect();
        self
    }

    /// `cardOwnerFilter`.
    #[must_use]
    pub fn card_owner_filter(mut self, values: impl IntoIterator<Item = impl Into<Uuid>>) -> Self {
        self.card_owner_filter = values.into_iter().map(Into::into).collect();
        self
    }

    /// How many stand before the page.
    #[must_use]
    pub fn offset(mut self, value: impl Into<u64>) -> Self {
        self.offset = Some(value.into());
        self
    }

    /// How many the page may hold.
    #[must_use]
    pub fn limit(mut self, value: impl Into<u32>) -> Self {
        self.limit = Some(value.into());
        self
    }
}

impl Operation for ListAccessGrants {
    type Answer = Vec<Grant>;

    const INFO: &'static OperationInfo = &operation_infos::LIST_ACCESS_GRANTS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .query_list("idFilter", &self.id_filter)
            .query_list("cardOwnerFilter", &self.card_owner_filter)
            .pages(self.limit, self.offset)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_list(data, "grants")
    }
}

impl Paged for ListAccessGrants {
    type Item = Grant;

    const MAX_LIMIT: u32 = 50;

    fn window(&mut self) -> (&mut Option<u32>, &mut Option<u64>) {
        (&mut self.limit, &mut self.offset)
    }

    fn key(item: &Self::Item) -> Option<String> {
        Some(item.grant_id.to_string())
    }
}

impl ById for ListAccessGrants {
    type Id = Uuid;

    fn with_ids(self, ids: Vec<Uuid>) -> Self {
        self.id_filter(ids)
    }
}

/// `GET /callbacks`.
#[derive(Clone, Debug, Default)]
pub struct ListCallbacks {
    /// How many stand before the page.
    pub offset: Option<u64>,
    /// How many the page may hold.
    pub limit: Option<u32>,
}

impl ListCallbacks {
    /// With what it must have.
    #[must_use]
    pub fn new() -> Self {
        Self {
            offset: None,
            limit: None,
        }
    }

    /// How many stand before the page.
    #[must_use]
    pub fn offset(mut self, value: impl Into<u64>) -> Self {
        self.offset = Some(value.into());
        self
    }

    /// How many the page may hold.
    #[must_use]
    pub fn limit(mut self, value: impl Into<u32>) -> Self {
        self.limit = Some(value.into());
        self
    }
}

impl Operation for ListCallbacks {
    type Answer = Vec<Callback>;

    const INFO: &'static OperationInfo = &operation_infos::LIST_CALLBACKS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .pages(self.limit, self.offset)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_list(data, "callbacks")
    }
}

impl Paged for ListCallbacks {
    type Item = Callback;

    const MAX_LIMIT: u32 = 50;

    fn window(&mut self) -> (&mut Option<u32>, &mut Option<u64>) {
        (&mut self.limit, &mut self.offset)
    }

    fn key(item: &Self::Item) -> Option<String> {
        Some(item.callback_id.to_string())
    }
}

/// `GET /partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}/doors`
///
/// Only doors that this owner can open.
#[derive(Clone, Debug)]
pub struct ListCardOwnerDoors {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `cardOwnerId`.
    pub card_owner_id: Uuid,
}

impl ListCardOwnerDoors {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, card_owner_id: Uuid) -> Self {
        Self {
            target,
            card_owner_id,
        }
    }
}

impl Operation for ListCardOwnerDoors {
    type Answer = Vec<Door>;

    const INFO: &'static OperationInfo = &operation_infos::LIST_CARD_OWNER_DOORS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.card_owner_id)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_list(data, "doors")
    }
}

/// `GET /partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners`.
#[derive(Clone, Debug)]
pub struct ListCardOwners {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `expand`.
    pub expand: Vec<ExpandOwner>,
    /// `idfilter`: Spelt with a small f here only.
    pub id_filter: Vec<Uuid>,
    /// `nameFilter`.
    pub name_filter: Vec<String>,
    /// `attributeFilter`: All pairs must match; a key whose value is null matches any owner that has the key.
    pub attribute_filter: Vec<String>,
    /// `selectedAttributes`.
    pub selected_attributes: Vec<String>,
    /// `folderFilter`.
    pub folder_filter: Vec<i32>,
    /// `organisationFilter`.
    pub organisation_filter: Vec<Uuid>,
    /// How many stand before the page.
    pub offset: Option<u64>,
    /// How many the page may hold.
    pub limit: Option<u32>,
}

impl ListCardOwners {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance) -> Self {
        Self {
            target,
            expand: Vec::new(),
            id_filter: Vec::new(),
            name_filter: Vec::new(),
            attribute_filter: Vec::new(),
            selected_attributes: Vec::new(),
            folder_filter: Vec::new(),
            organisation_filter: Vec::new(),
            offset: None,
            limit: None,
        }
    }

    /// `expand`.
    #[must_use]
    pub fn expand(mut self, values: impl IntoIterator<Item = impl Into<ExpandOwner>>) -> Self {
        self.expand = values.into_iter().map(Into::into).collect();
        self
    }

    /// `idfilter`: Spelt with a small f here only.
    #[must_use]
    pub fn id_filter(mut self, values: impl IntoIterator<Item = impl Into<Uuid>>) -> Self {
        self.id_filter = values.into_iter().map(Into::into).collect();
        self
    }

    /// `nameFilter`.
    #[must_use]
    pub fn name_filter(mut self, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.name_filter = values.into_iter().map(Into::into).collect();
        self
    }

    /// `attributeFilter`: All pairs must match; a key whose value is null matches any owner that has the key.
    #[must_use]
    pub fn attribute_filter(mut self, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.attribute_filter = values.into_iter().map(Into::into).collect();
        self
    }

    /// `selectedAttributes`.
    #[must_use]
    pub fn selected_attributes(
        mut self,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.selected_attributes = values.into_iter().map(Into::into).collect();
        self
    }

    /// `folderFilter`.
    #[must_use]
    pub fn folder_filter(mut self, values: impl IntoIterator<Item = impl Into<i32>>) -> Self {
        self.folder_filter = values.into_iter().map(Into::into).collect();
        self
    }

    /// `organisationFilter`.
    #[must_use]
    pub fn organisation_filter(
        mut self,
        values: impl IntoIterator<Item = impl Into<Uuid>>,
    ) -> Self {
        self.organisation_filter = values.into_iter().map(Into::into).collect();
        self
    }

    /// How many stand before the page.
    #[must_use]
    pub fn offset(mut self, value: impl Into<u64>) -> Self {
        self.offset = Some(value.into());
        self
    }

    /// How many the page may hold.
    #[must_use]
    pub fn limit(mut self, value: impl Into<u32>) -> Self {
        self.limit = Some(value.into());
        self
    }
}

impl Operation for ListCardOwners {
    type Answer = Vec<CardOwner>;

    const INFO: &'static OperationInfo = &operation_infos::LIST_CARD_OWNERS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .query_list("expand", &self.expand)
            .query_list("idfilter", &self.id_filter)
            .query_list("nameFilter", &self.name_filter)
            .query_list("attributeFilter", &self.attribute_filter)
            .query_list("selectedAttributes", &self.selected_attributes)
            .query_list("folderFilter", &self.folder_filter)
            .query_list("organisationFilter", &self.organisation_filter)
            .pages(self.limit, self.offset)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_list(data, "cardOwners")
    }
}

impl Paged for ListCardOwners {
    type Item = CardOwner;

    const MAX_LIMIT: u32 = 200;

    fn window(&mut self) -> (&mut Option<u32>, &mut Option<u64>) {
        (&mut self.limit, &mut self.offset)
    }

    fn key(item: &Self::Item) -> Option<String> {
        Some(item.card_owner_id.to_string())
    }
}

impl ById for ListCardOwners {
    type Id = Uuid;

    fn with_ids(self, ids: Vec<Uuid>) -> Self {
        self.id_filter(ids)
    }
}

/// `GET /partners/{owningPartnerId}/instances/{owningInstanceId}/cards`.
#[derive(Clone, Debug)]
pub struct ListCards {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `idFilter`.
    pub id_filter: Vec<Uuid>,
    /// `expand`.
    pub expand: Vec<ExpandCard>,
    /// How many stand before the page.
    pub offset: Option<u64>,
    /// How many the page may hold.
    pub limit: Option<u32>,
}

impl ListCards {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance) -> Self {
        Self {
            target,
            id_filter: Vec::new(),
            expand: Vec::new(),
            offset: None,
            limit: None,
        }
    }

    /// `idFilter`.
    #[must_use]
    pub fn id_filter(mut self, values: impl IntoIterator<Item = impl Into<Uuid>>) -> Self {
        self.id_filter = values.into_iter().map(Into::into).collect();
        self
    }

    /// `expand`.
    #[must_use]
    pub fn expand(mut self, values: impl IntoIterator<Item = impl Into<ExpandCard>>) -> Self {
        self.expand = values.into_iter().map(Into::into).collect();
        self
    }

    /// How many stand before the page.
    #[must_use]
    pub fn offset(mut self, value: impl Into<u64>) -> Self {
        self.offset = Some(value.into());
        self
    }

    /// How many the page may hold.
    #[must_use]
    pub fn limit(mut self, value: impl Into<u32>) -> Self {
        self.limit = Some(value.into());
        self
    }
}

impl Operation for ListCards {
    type Answer = Vec<Card>;

    const INFO: &'static OperationInfo = &operation_infos::LIST_CARDS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .query_list("idFilter", &self.id_filter)
            .query_list("expand", &self.expand)
            .pages(self.limit, self.offset)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_list(data, "cards")
    }
}

impl Paged for ListCards {
    type Item = Card;

    const MAX_LIMIT: u32 = 50;

    fn window(&mut self) -> (&mut Option<u32>, &mut Option<u64>) {
        (&mut self.limit, &mut self.offset)
    }

    fn key(item: &Self::Item) -> Option<String> {
        Some(item.card_id.to_string())
    }
}

impl ById for ListCards {
    type Id = Uuid;

    fn with_ids(self, ids: Vec<Uuid>) -> Self {
        self.id_filter(ids)
    }
}

/// `GET /contracts`
///
/// Contracts with the caller on either side.
#[derive(Clone, Debug, Default)]
pub struct ListContracts {
    /// How many stand before the page.
    pub offset: Option<u64>,
    /// How many the page may hold.
    pub limit: Option<u32>,
}

impl ListContracts {
    /// With what it must have.
    #[must_use]
    pub fn new() -> Self {
        Self {
            offset: None,
            limit: None,
        }
    }

    /// How many stand before the page.
    #[must_use]
    pub fn offset(mut self, value: impl Into<u64>) -> Self {
        self.offset = Some(value.into());
        self
    }

    /// How many the page may hold.
    #[must_use]
    pub fn limit(mut self, value: impl Into<u32>) -> Self {
        self.limit = Some(value.into());
        self
    }
}

impl Operation for ListContracts {
    type Answer = Vec<Contract>;

    const INFO: &'static OperationInfo = &operation_infos::LIST_CONTRACTS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .pages(self.limit, self.offset)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_list(data, "contracts")
    }
}

impl Paged for ListContracts {
    type Item = Contract;

    const MAX_LIMIT: u32 = 50;

    fn window(&mut self) -> (&mut Option<u32>, &mut Option<u64>) {
        (&mut self.limit, &mut self.offset)
    }

    fn key(item: &Self::Item) -> Option<String> {
        Some(item.contract_id.to_string())
    }
}

/// `GET /partners/{owningPartnerId}/instances/{owningInstanceId}/folders`.
#[derive(Clone, Debug)]
pub struct ListFolders {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `idFilter`.
    pub id_filter: Vec<i32>,
    /// How many stand before the page.
    pub offset: Option<u64>,
    /// How many the page may hold.
    pub limit: Option<u32>,
}

impl ListFolders {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance) -> Self {
        Self {
            target,
            id_filter: Vec::new(),
            offset: None,
            limit: None,
        }
    }

    /// `idFilter`.
    #[must_use]
    pub fn id_filter(mut self, values: impl IntoIterator<Item = impl Into<i32>>) -> Self {
        self.id_filter = values.into_iter().map(Into::into).collect();
        self
    }

    /// How many stand before the page.
    #[must_use]
    pub fn offset(mut self, value: impl Into<u64>) -> Self {
        self.offset = Some(value.into());
        self
    }

    /// How many the page may hold.
    #[must_use]
    pub fn limit(mut self, value: impl Into<u32>) -> Self {
        self.limit = Some(value.into());
        self
    }
}

impl Operation for ListFolders {
    type Answer = Vec<Folder>;

    const INFO: &'static OperationInfo = &operation_infos::LIST_FOLDERS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .query_list("idFilter", &self.id_filter)
            .pages(self.limit, self.offset)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_list(data, "folders")
    }
}

impl Paged for ListFolders {
    type Item = Folder;

    const MAX_LIMIT: u32 = 50;

    fn window(&mut self) -> (&mut Option<u32>, &mut Option<u64>) {
        (&mut self.limit, &mut self.offset)
    }

    fn key(item: &Self::Item) -> Option<String> {
        item.folder_id.map(|id| id.to_string())
    }
}

impl ById for ListFolders {
    type Id = i32;

    fn with_ids(self, ids: Vec<i32>) -> Self {
        self.id_filter(ids)
    }
}

/// `GET /partners/{owningPartnerId}/instances/{owningInstanceId}/logs/{startTime}/{endTime}`.
#[derive(Clone, Debug)]
pub struct ListLogEntries {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `startTime`.
    pub start_time: LocalTime,
    /// `endTime`.
    pub end_time: LocalTime,
    /// How many stand before the page.
    pub offset: Option<u64>,
    /// How many the page may hold.
    pub limit: Option<u32>,
}

impl ListLogEntries {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, start_time: LocalTime, end_time: LocalTime) -> Self {
        Self {
            target,
            start_time,
            end_time,
            offset: None,
            limit: None,
        }
    }

    /// How many stand before the page.
    #[must_use]
    pub fn offset(mut self, value: impl Into<u64>) -> Self {
        self.offset = Some(value.into());
        self
    }

    /// How many the page may hold.
    #[must_use]
    pub fn limit(mut self, value: impl Into<u32>) -> Self {
        self.limit = Some(value.into());
        self
    }
}

impl Operation for ListLogEntries {
    type Answer = Vec<Log>;

    const INFO: &'static OperationInfo = &operation_infos::LIST_LOG_ENTRIES;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.start_time)
            .path(&self.end_time)
            .pages(self.limit, self.offset)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_list(data, "logs")
    }
}

impl Paged for ListLogEntries {
    type Item = Log;

    const MAX_LIMIT: u32 = 50;

    fn window(&mut self) -> (&mut Option<u32>, &mut Option<u64>) {
        (&mut self.limit, &mut self.offset)
    }

    fn key(_: &Self::Item) -> Option<String> {
        None
    }
}

/// `GET /partners/{owningPartnerId}/instances/{owningInstanceId}/organizations`.
#[derive(Clone, Debug)]
pub struct ListOrganizations {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `idFilter`.
    pub id_filter: Vec<Uuid>,
    /// `folderIdFilter`.
    pub folder_id_filter: Vec<i32>,
    /// How many stand before the page.
    pub offset: Option<u64>,
    /// How many the page may hold.
    pub limit: Option<u32>,
}

impl ListOrganizations {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance) -> Self {
        Self {
            target,
            id_filter: Vec::new(),
            folder_id_filter: Vec::new(),
            offset: None,
            limit: None,
        }
    }

    /// `idFilter`.
    #[must_use]
    pub fn id_filter(mut self, values: impl IntoIterator<Item = impl Into<Uuid>>) -> Self {
        self.id_filter = values.into_iter().map(Into::into).collect();
        self
    }

    /// `folderIdFilter`.
    #[must_use]
    pub fn folder_id_filter(mut self, values: impl IntoIterator<Item = impl Into<i32>>) -> Self {
        self.folder_id_filter = values.into_iter().map(Into::into).collect();
        self
    }

    /// How many stand before the page.
    #[must_use]
    pub fn offset(mut self, value: impl Into<u64>) -> Self {
        self.offset = Some(value.into());
        self
    }

    /// How many the page may hold.
    #[must_use]
    pub fn limit(mut self, value: impl Into<u32>) -> Self {
        self.limit = Some(value.into());
        self
    }
}

impl Operation for ListOrganizations {
    type Answer = Vec<Organization>;

    const INFO: &'static OperationInfo = &operation_infos::LIST_ORGANIZATIONS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .query_list("idFilter", &self.id_filter)
            .query_list("folderIdFilter", &self.folder_id_filter)
            .pages(self.limit, self.offset)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_list(data, "organizations")
    }
}

impl Paged for ListOrganizations {
    type Item = Organization;

    const MAX_LIMIT: u32 = 50;

    fn window(&mut self) -> (&mut Option<u32>, &mut Option<u64>) {
        (&mut self.limit, &mut self.offset)
    }

    fn key(item: &Self::Item) -> Option<String> {
        Some(item.id.to_string())
    }
}

impl ById for ListOrganizations {
    type Id = Uuid;

    fn with_ids(self, ids: Vec<Uuid>) -> Self {
        self.id_filter(ids)
    }
}

/// `GET /deliveries/packageboxes`.
#[derive(Clone, Debug, Default)]
pub struct ListPackageBoxes {
    /// How many stand before the page.
    pub offset: Option<u64>,
    /// How many the page may hold.
    pub limit: Option<u32>,
}

impl ListPackageBoxes {
    /// With what it must have.
    #[must_use]
    pub fn new() -> Self {
        Self {
            offset: None,
            limit: None,
        }
    }

    /// How many stand before the page.
    #[must_use]
    pub fn offset(mut self, value: impl Into<u64>) -> Self {
        self.offset = Some(value.into());
        self
    }

    /// How many the page may hold.
    #[must_use]
    pub fn limit(mut self, value: impl Into<u32>) -> Self {
        self.limit = Some(value.into());
        self
    }
}

impl Operation for ListPackageBoxes {
    type Answer = Vec<PackageBox>;

    const INFO: &'static OperationInfo = &operation_infos::LIST_PACKAGE_BOXES;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .pages(self.limit, self.offset)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_list(data, "packageBoxes")
    }
}

impl Paged for ListPackageBoxes {
    type Item = PackageBox;

    const MAX_LIMIT: u32 = 50;

    fn window(&mut self) -> (&mut Option<u32>, &mut Option<u64>) {
        (&mut self.limit, &mut self.offset)
    }

    fn key(item: &Self::Item) -> Option<String> {
        Some(item.package_box_id.to_string())
    }
}

/// `GET /accessgroups`.
#[derive(Clone, Debug, Default)]
pub struct ListPublishedAccessGroups {
    /// How many stand before the page.
    pub offset: Option<u64>,
    /// How many the page may hold.
    pub limit: Option<u32>,
}

impl ListPublishedAccessGroups {
    /// With what it must have.
    #[must_use]
    pub fn new() -> Self {
        Self {
            offset: None,
            limit: None,
        }
    }

    /// How many stand before the page.
    #[must_use]
    pub fn offset(mut self, value: impl Into<u64>) -> Self {
        self.offset = Some(value.into());
        self
    }

    /// How many the page may hold.
    #[must_use]
    pub fn limit(mut self, value: impl Into<u32>) -> Self {
        self.limit = Some(value.into());
        self
    }
}

impl Operation for ListPublishedAccessGroups {
    type Answer = Vec<AccessGroup>;

    const INFO: &'static OperationInfo = &operation_infos::LIST_PUBLISHED_ACCESS_GROUPS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .pages(self.limit, self.offset)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_list(data, "accessGroups")
    }
}

impl Paged for ListPublishedAccessGroups {
    type Item = AccessGroup;

    const MAX_LIMIT: u32 = 50;

    fn window(&mut self) -> (&mut Option<u32>, &mut Option<u64>) {
        (&mut self.limit, &mut self.offset)
    }

    fn key(item: &Self::Item) -> Option<String> {
        Some(item.access_group_id.to_string())
    }
}

/// `GET /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgroups`.
#[derive(Clone, Debug)]
pub struct ListRemoteAccessGroups {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `selectedAttributes`.
    pub selected_attributes: Vec<String>,
    /// `folderIds`.
    pub folder_ids: Vec<i32>,
    /// How many stand before the page.
    pub offset: Option<u64>,
    /// How many the page may hold.
    pub limit: Option<u32>,
}

impl ListRemoteAccessGroups {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance) -> Self {
        Self {
            target,
            selected_attributes: Vec::new(),
            folder_ids: Vec::new(),
            offset: None,
            limit: None,
        }
    }

    /// `selectedAttributes`.
    #[must_use]
    pub fn selected_attributes(
        mut self,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.selected_attributes = values.into_iter().map(Into::into).collect();
        self
    }

    /// `folderIds`.
    #[must_use]
    pub fn folder_ids(mut self, values: impl IntoIterator<Item = impl Into<i32>>) -> Self {
        self.folder_ids = values.into_iter().map(Into::into).collect();
        self
    }

    /// How many stand before the page.
    #[must_use]
    pub fn offset(mut self, value: impl Into<u64>) -> Self {
        self.offset = Some(value.into());
        self
    }

    /// How many the page may hold.
    #[must_use]
    pub fn limit(mut self, value: impl Into<u32>) -> Self {
        self.limit = Some(value.into());
        self
    }
}

impl Operation for ListRemoteAccessGroups {
    type Answer = Vec<AccessGroupSimple>;

    const INFO: &'static OperationInfo = &operation_infos::LIST_REMOTE_ACCESS_GROUPS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .query_list("selectedAttributes", &self.selected_attributes)
            .query_list("folderIds", &self.folder_ids)
            .pages(self.limit, self.offset)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_list(data, "accessGroups")
    }
}

impl Paged for ListRemoteAccessGroups {
    type Item = AccessGroupSimple;

    const MAX_LIMIT: u32 = 50;

    fn window(&mut self) -> (&mut Option<u32>, &mut Option<u64>) {
        (&mut self.limit, &mut self.offset)
    }

    fn key(item: &Self::Item) -> Option<String> {
        Some(item.access_group_id.to_string())
    }
}

/// `GET /partners/{respondingPartnerId}/instances/{respondingInstanceId}/renzrecipients`.
#[derive(Clone, Debug)]
pub struct ListRenzRecipients {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `systemIds`.
    pub system_ids: Vec<String>,
}

impl ListRenzRecipients {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance) -> Self {
        Self {
            target,
            system_ids: Vec::new(),
        }
    }

    /// `systemIds`.
    #[must_use]
    pub fn system_ids(mut self, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.system_ids = values.into_iter().map(Into::into).collect();
        self
    }
}

impl Operation for ListRenzRecipients {
    type Answer = Vec<RenzCardOwner>;

    const INFO: &'static OperationInfo = &operation_infos::LIST_RENZ_RECIPIENTS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .list("systemIds", &self.system_ids)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_list(data, "recipients")
    }
}

/// `POST /accessgroups/ObtainAccess`.
#[derive(Clone, Debug)]
pub struct ObtainAccess {
    /// `accessGroups`.
    pub access_groups: Vec<ObtainAccessGroup>,
    /// `cardOwners`.
    pub card_owners: Vec<CommonCardOwner>,
    /// `periodOfValidityMinutes`.
    pub period_of_validity_minutes: i64,
    /// `ticketIdentifier`.
    pub ticket_identifier: String,
    /// `validFrom`: Left out: now.
    pub valid_from: Option<UtcTime>,
}

impl ObtainAccess {
    /// With what it must have.
    #[must_use]
    pub fn new(
        access_groups: Vec<ObtainAccessGroup>,
        card_owners: Vec<CommonCardOwner>,
        period_of_validity_minutes: i64,
        ticket_identifier: impl Into<String>,
    ) -> Self {
        Self {
            access_groups,
            card_owners,
            period_of_validity_minutes,
            ticket_identifier: ticket_identifier.into(),
            valid_from: None,
        }
    }

    /// `validFrom`: Left out: now.
    #[must_use]
    pub fn valid_from(mut self, value: impl Into<UtcTime>) -> Self {
        self.valid_from = Some(value.into());
        self
    }
}

impl Operation for ObtainAccess {
    type Answer = bool;

    const INFO: &'static OperationInfo = &operation_infos::OBTAIN_ACCESS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .required_list("accessGroups", &self.access_groups)
            .required_list("cardOwners", &self.card_owners)
            .required("periodOfValidityMinutes", &self.period_of_validity_minutes)
            .not_empty("ticketIdentifier", self.ticket_identifier.is_empty())
            .required("ticketIdentifier", &self.ticket_identifier)
            .optional("validFrom", &self.valid_from)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "success")
    }
}

/// `POST /partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}/doors/{doorId}/open`
///
/// The owner needs access to that door.
#[derive(Clone, Debug)]
pub struct OpenCardOwnerDoor {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `cardOwnerId`.
    pub card_owner_id: Uuid,
    /// `doorId`.
    pub door_id: Uuid,
    /// `pinCode`: PIN of the card owner, checked before the door opens.
    pub pin_code: Option<Secret>,
    /// `timeout`: In ms.
    pub timeout: Option<i32>,
}

impl OpenCardOwnerDoor {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, card_owner_id: Uuid, door_id: Uuid) -> Self {
        Self {
            target,
            card_owner_id,
            door_id,
            pin_code: None,
            timeout: None,
        }
    }

    /// `pinCode`: PIN of the card owner, checked before the door opens.
    #[must_use]
    pub fn pin_code(mut self, value: impl Into<Secret>) -> Self {
        self.pin_code = Some(value.into());
        self
    }

    /// `timeout`: In ms.
    #[must_use]
    pub fn timeout(mut self, value: impl Into<i32>) -> Self {
        self.timeout = Some(value.into());
        self
    }
}

impl Operation for OpenCardOwnerDoor {
    type Answer = ();

    const INFO: &'static OperationInfo = &operation_infos::OPEN_CARD_OWNER_DOOR;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.card_owner_id)
            .path(&self.door_id)
            .optional("pinCode", &self.pin_code)
            .optional("timeout", &self.timeout)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_nothing(data)
    }
}

/// `POST /accessgroups`.
#[derive(Clone, Debug)]
pub struct PublishAccessGroups {
    /// `accessGroups`.
    pub access_groups: Vec<AccessGroupDto>,
    /// `destinationPartnerId`.
    pub destination_partner_id: Uuid,
}

impl PublishAccessGroups {
    /// With what it must have.
    #[must_use]
    pub fn new(access_groups: Vec<AccessGroupDto>, destination_partner_id: Uuid) -> Self {
        Self {
            access_groups,
            destination_partner_id,
        }
    }
}

impl Operation for PublishAccessGroups {
    type Answer = bool;

    const INFO: &'static OperationInfo = &operation_infos::PUBLISH_ACCESS_GROUPS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .required_list("accessGroups", &self.access_groups)
            .required("destinationPartnerId", &self.destination_partner_id)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "success")
    }
}

/// `POST /callbacks`.
#[derive(Clone, Debug, Default)]
pub struct RegisterCallbacks {
    /// `callbacks`.
    pub callbacks: Vec<CallbackBase>,
}

impl RegisterCallbacks {
    /// With what it must have.
    #[must_use]
    pub fn new() -> Self {
        Self {
            callbacks: Vec::new(),
        }
    }

    /// `callbacks`.
    #[must_use]
    pub fn callbacks(mut self, values: impl IntoIterator<Item = impl Into<CallbackBase>>) -> Self {
        self.callbacks = values.into_iter().map(Into::into).collect();
        self
    }
}

impl Operation for RegisterCallbacks {
    type Answer = Vec<Callback>;

    const INFO: &'static OperationInfo = &operation_infos::REGISTER_CALLBACKS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .list("callbacks", &self.callbacks)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_list(data, "callbacks")
    }
}

/// `POST /deliveries/packageboxes/{packageBoxId}/reserve`.
#[derive(Clone, Debug)]
pub struct ReservePackageBox {
    /// `packageBoxId`.
    pub package_box_id: Uuid,
    /// `parcelId`.
    pub parcel_id: Option<String>,
    /// `pinCode`: Left out: the server may generate one.
    pub pin_code: Option<Secret>,
    /// `recipient`.
    pub recipient: Option<DeliveryRecipient>,
    /// `reservationExpiryUtc`.
    pub reservation_expiry_utc: Option<UtcTime>,
    /// `reserveFromDateTimeUtc`.
    pub reserve_from_date_time_utc: Option<UtcTime>,
    /// `sizes`: Box sizes to choose among.
    pub sizes: Vec<BoxSize>,
}

impl ReservePackageBox {
    /// With what it must have.
    #[must_use]
    pub fn new(package_box_id: Uuid) -> Self {
        Self {
            package_box_id,
            parcel_id: None,
            pin_code: None,
            recipient: None,
            reservation_expiry_utc: None,
            reserve_from_date_time_utc: None,
            sizes: Vec::new(),
        }
    }

    /// `parcelId`.
    #[must_use]
    pub fn parcel_id(mut self, value: impl Into<String>) -> Self {
        self.parcel_id = Some(value.into());
        self
    }

    /// `pinCode`: Left out: the server may generate one.
    #[must_use]
    pub fn pin_code(mut self, value: impl Into<Secret>) -> Self {
        self.pin_code = Some(value.into());
        self
    }

    /// `recipient`.
    #[must_use]
    pub fn recipient(mut self, value: impl Into<DeliveryRecipient>) -> Self {
        self.recipient = Some(value.into());
        self
    }

    /// `reservationExpiryUtc`.
    #[must_use]
    pub fn reservation_expiry_utc(mut self, value: impl Into<UtcTime>) -> Self {
        self.reservation_expiry_utc = Some(value.into());
        self
    }

    /// `reserveFromDateTimeUtc`.
    #[must_use]
    pub fn reserve_from_date_time_utc(mut self, value: impl Into<UtcTime>) -> Self {
        self.reserve_from_date_time_utc = Some(value.into());
        self
    }

    /// `sizes`: Box sizes to choose among.
    #[must_use]
    pub fn sizes(mut self, values: impl IntoIterator<Item = impl Into<BoxSize>>) -> Self {
        self.sizes = values.into_iter().map(Into::into).collect();
        self
    }
}

impl Operation for ReservePackageBox {
    type Answer = ReservePackageBoxAnswer;

    const INFO: &'static OperationInfo = &operation_infos::RESERVE_PACKAGE_BOX;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .path(&self.package_box_id)
            .optional("parcelId", &self.parcel_id)
            .optional("pinCode", &self.pin_code)
            .optional("recipient", &self.recipient)
            .optional("reservationExpiryUtc", &self.reservation_expiry_utc)
            .optional("reserveFromDateTimeUtc", &self.reserve_from_date_time_utc)
            .list("sizes", &self.sizes)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_whole(data)
    }
}

/// `DELETE /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/{grantId}`.
#[derive(Clone, Debug)]
pub struct RevokeAccessGrant {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `grantId`.
    pub grant_id: Uuid,
}

impl RevokeAccessGrant {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, grant_id: Uuid) -> Self {
        Self { target, grant_id }
    }
}

impl Operation for RevokeAccessGrant {
    type Answer = ();

    const INFO: &'static OperationInfo = &operation_infos::REVOKE_ACCESS_GRANT;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.grant_id)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_nothing(data)
    }
}

/// `DELETE /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/revokemultiple`.
#[derive(Clone, Debug)]
pub struct RevokeAccessGrants {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `grantIds`.
    pub grant_ids: Vec<Uuid>,
}

impl RevokeAccessGrants {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance) -> Self {
        Self {
            target,
            grant_ids: Vec::new(),
        }
    }

    /// `grantIds`.
    #[must_use]
    pub fn grant_ids(mut self, values: impl IntoIterator<Item = impl Into<Uuid>>) -> Self {
        self.grant_ids = values.into_iter().map(Into::into).collect();
        self
    }
}

impl Operation for RevokeAccessGrants {
    type Answer = ();

    const INFO: &'static OperationInfo = &operation_infos::REVOKE_ACCESS_GRANTS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .list("grantIds", &self.grant_ids)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_nothing(data)
    }
}

/// `PATCH /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/{grantId}`.
#[derive(Clone, Debug)]
pub struct UpdateAccessGrant {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `grantId`.
    pub grant_id: Uuid,
    /// What is changed.
    pub patch: GrantPatch,
}

impl UpdateAccessGrant {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, grant_id: Uuid, patch: GrantPatch) -> Self {
        Self {
            target,
            grant_id,
            patch,
        }
    }
}

impl Operation for UpdateAccessGrant {
    type Answer = Grant;

    const INFO: &'static OperationInfo = &operation_infos::UPDATE_ACCESS_GRANT;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.grant_id)
            .not_empty("patchItems", self.patch.0.is_empty())
            .required("patchItems", &self.patch.0)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "accessGrant")
    }
}

/// `PUT /callbacks`.
#[derive(Clone, Debug, Default)]
pub struct UpdateCallbacks {
    /// `callbacks`.
    pub callbacks: Vec<Callback>,
}

impl UpdateCallbacks {
    /// With what it must have.
    #[must_use]
    pub fn new() -> Self {
        Self {
            callbacks: Vec::new(),
        }
    }

    /// `callbacks`.
    #[must_use]
    pub fn callbacks(mut self, values: impl IntoIterator<Item = impl Into<Callback>>) -> Self {
        self.callbacks = values.into_iter().map(Into::into).collect();
        self
    }
}

impl Operation for UpdateCallbacks {
    type Answer = Vec<Callback>;

    const INFO: &'static OperationInfo = &operation_infos::UPDATE_CALLBACKS;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .list("callbacks", &self.callbacks)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_list(data, "callbacks")
    }
}

/// `PATCH /partners/{owningPartnerId}/instances/{owningInstanceId}/cards/{cardId}`.
#[derive(Clone, Debug)]
pub struct UpdateCard {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `cardId`.
    pub card_id: Uuid,
    /// What is changed.
    pub patch: CardPatch,
}

impl UpdateCard {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, card_id: Uuid, patch: CardPatch) -> Self {
        Self {
            target,
            card_id,
            patch,
        }
    }
}

impl Operation for UpdateCard {
    type Answer = Card;

    const INFO: &'static OperationInfo = &operation_infos::UPDATE_CARD;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.card_id)
            .not_empty("patchItems", self.patch.0.is_empty())
            .required("patchItems", &self.patch.0)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "card")
    }
}

/// `PATCH /partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}`.
#[derive(Clone, Debug)]
pub struct UpdateCardOwner {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `cardOwnerId`.
    pub card_owner_id: Uuid,
    /// What is changed.
    pub patch: CardOwnerPatch,
}

impl UpdateCardOwner {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, card_owner_id: Uuid, patch: CardOwnerPatch) -> Self {
        Self {
            target,
            card_owner_id,
            patch,
        }
    }
}

impl Operation for UpdateCardOwner {
    type Answer = CardOwner;

    const INFO: &'static OperationInfo = &operation_infos::UPDATE_CARD_OWNER;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.card_owner_id)
            .not_empty("patchItems", self.patch.0.is_empty())
            .required("patchItems", &self.patch.0)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "cardOwner")
    }
}

/// `PATCH /partners/{owningPartnerId}/instances/{owningInstanceId}/folders/{folderId}`.
#[derive(Clone, Debug)]
pub struct UpdateFolder {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `folderId`.
    pub folder_id: i32,
    /// What is changed.
    pub patch: FolderPatch,
}

impl UpdateFolder {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, folder_id: i32, patch: FolderPatch) -> Self {
        Self {
            target,
            folder_id,
            patch,
        }
    }
}

impl Operation for UpdateFolder {
    type Answer = Folder;

    const INFO: &'static OperationInfo = &operation_infos::UPDATE_FOLDER;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.folder_id)
            .not_empty("patchItems", self.patch.0.is_empty())
            .required("patchItems", &self.patch.0)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "folder")
    }
}

/// `PATCH /partners/{owningPartnerId}/instances/{owningInstanceId}/organizations/{organizationId}`.
#[derive(Clone, Debug)]
pub struct UpdateOrganization {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `organizationId`.
    pub organization_id: Uuid,
    /// What is changed.
    pub patch: OrganizationPatch,
}

impl UpdateOrganization {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, organization_id: Uuid, patch: OrganizationPatch) -> Self {
        Self {
            target,
            organization_id,
            patch,
        }
    }
}

impl Operation for UpdateOrganization {
    type Answer = Organization;

    const INFO: &'static OperationInfo = &operation_infos::UPDATE_ORGANIZATION;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.organization_id)
            .not_empty("patchItems", self.patch.0.is_empty())
            .required("patchItems", &self.patch.0)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_one(data, "organization")
    }
}

/// `POST /partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}/image`
///
/// Only for a Person.
#[derive(Clone, Debug)]
pub struct UploadCardOwnerImage {
    /// The partner and the instance that are asked.
    pub target: Instance,
    /// `cardOwnerId`.
    pub card_owner_id: Uuid,
    /// `image`.
    pub image: Option<Bytes>,
}

impl UploadCardOwnerImage {
    /// With what it must have.
    #[must_use]
    pub fn new(target: Instance, card_owner_id: Uuid) -> Self {
        Self {
            target,
            card_owner_id,
            image: None,
        }
    }

    /// `image`.
    #[must_use]
    pub fn image(mut self, value: impl Into<Bytes>) -> Self {
        self.image = Some(value.into());
        self
    }
}

impl Operation for UploadCardOwnerImage {
    type Answer = ();

    const INFO: &'static OperationInfo = &operation_infos::UPLOAD_CARD_OWNER_IMAGE;

    fn request(&self) -> Result<ApiRequest, Error> {
        Draft::from_info(Self::INFO)
            .instance(self.target)
            .path(&self.card_owner_id)
            .optional("image", &self.image)
            .finish()
    }

    fn answer(data: Value) -> Result<(Self::Answer, Map<String, Value>), String> {
        read_nothing(data)
    }
}
