// Made from api/dax-api.json by `cargo run -p daxsign-tests --bin dax_api`: change it there.
//! What can be changed of each entity.

use uuid::Uuid;

use crate::api::patch::patch;
use crate::api::types::Classification;
use crate::secret::Secret;
use crate::time::LocalTime;

patch! {
    /// What `update_access_grant` can change.
    pub struct GrantPatch {
        disabled: bool = "/DISABLED",
        start_time: LocalTime = "/STARTTIME",
        stop_time: LocalTime = "/STOPTIME",
    }
}

patch! {
    /// What `update_card` can change.
    pub struct CardPatch {
        name: String = "/NAME",
        classification: Classification = "/CLASSIFICATION",
        pin_code: Secret = "/PINCODE",
        start_time: LocalTime = "/STARTTIME",
        stop_time: LocalTime = "/STOPTIME",
        disabled: bool = "/DISABLED",
        archived: bool = "/ARCHIVED",
    }
}

patch! {
    /// What `update_card_owner` can change.
    pub struct CardOwnerPatch {
        family_name: String = "/FAMILYNAME",
        specific_name: String = "/SPECIFICNAME",
        pin_code: Secret = "/PINCODE",
        organization_id: Uuid = "/ORGANIZATIONID",
        folder_id: i32 = "/FOLDERID",
        comment: String = "/COMMENT",
        start_time: LocalTime = "/STARTTIME",
        stop_time: LocalTime = "/STOPTIME",
        disabled: bool = "/DISABLED",
        archived: bool = "/ARCHIVED",
    }
}

patch! {
    /// What `update_folder` can change.
    pub struct FolderPatch {
        name: String = "/NAME",
        parent_folder_id: i32 = "/PARENTFOLDERID",
        description: String = "/DESCRIPTION",
    }
}

patch! {
    /// What `update_organization` can change.
    pub struct OrganizationPatch {
        name: String = "/NAME",
        folder_id: i32 = "/FOLDERID",
        comment: String = "/COMMENT",
    }
}
