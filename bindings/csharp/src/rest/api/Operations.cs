// Made from api/dax-api.json by `cargo run -p daxsign-tests --bin dax_api`: change it there.
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Daxsign.Api
{
    /// <summary><c>POST /partners/{owningPartnerId}/instances/{owningInstanceId}/cards</c>.</summary>
    public sealed class CreateCard : DaxOperation<Card>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="codes"><see cref="Codes"/>.</param>
        /// <param name="name"><see cref="Name"/>.</param>
        /// <param name="ownerId"><see cref="OwnerId"/>.</param>
        public CreateCard(DaxInstance target, IReadOnlyList<CardNumber> codes, string name, Guid ownerId)
        {
            Target = target;
            Codes = codes;
            Name = name;
            OwnerId = ownerId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>classification</c>.</summary>
        [AllowNull, MaybeNull]
        public Classification Classification { get; set; }

        /// <summary><c>codes</c>.</summary>
        public IReadOnlyList<CardNumber> Codes { get; set; }

        /// <summary><c>disabled</c>.</summary>
        public bool? Disabled { get; set; }

        /// <summary><c>name</c>.</summary>
        public string Name { get; set; }

        /// <summary><c>ownerId</c>: A cardOwnerId.</summary>
        public Guid OwnerId { get; set; }

        /// <summary><c>pinCode</c>: Left out: the card owner's PIN applies.</summary>
        [AllowNull, MaybeNull]
        public DaxSecret PinCode { get; set; }

        /// <summary><c>startTime</c>: Left out: not set.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime StartTime { get; set; }

        /// <summary><c>stopTime</c>: Left out: open ended.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime StopTime { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "create_card", "POST", Repeat.Never,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/cards")
                .Instance(Target)
                .Needed("codes", Codes)
                .NotEmpty("name", Name?.Length)
                .Body(members =>
                {
                    members.Put("classification", Classification, JsonOf.Word);
                    members.Add("codes", JsonOf.List(Codes, JsonOf.Object));
                    members.PutMaybe("disabled", Disabled, JsonOf.Bool);
                    members.Add("name", JsonOf.Text(Name));
                    members.Add("ownerId", JsonOf.Guid(OwnerId));
                    members.Put("pinCode", PinCode, JsonOf.Secret);
                    members.Put("startTime", StartTime, JsonOf.LocalTime);
                    members.Put("stopTime", StopTime, JsonOf.LocalTime);
                })
                .Finish();
        }

        internal override Card Read(AnswerData data)
        {
            return data.One("card", Card.Read);
        }
    }

    /// <summary><c>POST /partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners</c>: Also
    /// creates the cards in the body.</summary>
    public sealed class CreateCardOwner : DaxOperation<CardOwner>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="attributes"><see cref="Attributes"/>.</param>
        /// <param name="familyName"><see cref="FamilyName"/>.</param>
        /// <param name="folderId"><see cref="FolderId"/>.</param>
        /// <param name="specificName"><see cref="SpecificName"/>.</param>
        public CreateCardOwner(DaxInstance target, IReadOnlyDictionary<string, string> attributes, string familyName, int folderId, string specificName)
        {
            Target = target;
            Attributes = attributes;
            FamilyName = familyName;
            FolderId = folderId;
            SpecificName = specificName;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>attributes</c>.</summary>
        public IReadOnlyDictionary<string, string> Attributes { get; set; }

        /// <summary><c>cardOwnerId</c>: The caller may choose the id; when left out the server makes
        /// one.</summary>
        public Guid? CardOwnerId { get; set; }

        /// <summary><c>cardOwnerType</c>.</summary>
        [AllowNull, MaybeNull]
        public CardOwnerType CardOwnerType { get; set; }

        /// <summary><c>cards</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<CreateCardItem> Cards { get; set; }

        /// <summary><c>comment</c>.</summary>
        [AllowNull, MaybeNull]
        public string Comment { get; set; }

        /// <summary><c>disabled</c>.</summary>
        public bool? Disabled { get; set; }

        /// <summary><c>familyName</c>.</summary>
        public string FamilyName { get; set; }

        /// <summary><c>folderId</c>.</summary>
        public int FolderId { get; set; }

        /// <summary><c>organizationId</c>.</summary>
        public Guid? OrganizationId { get; set; }

        /// <summary><c>pinCode</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxSecret PinCode { get; set; }

        /// <summary><c>specificName</c>.</summary>
        public string SpecificName { get; set; }

        /// <summary><c>startTime</c>: Left out: valid from now.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime StartTime { get; set; }

        /// <summary><c>stopTime</c>: Left out: never expires.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime StopTime { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "create_card_owner", "POST", Repeat.Never,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners")
                .Instance(Target)
                .Needed("attributes", Attributes)
                .AtMost("cards", Cards?.Count, 50)
                .NotEmpty("familyName", FamilyName?.Length)
                .NotEmpty("specificName", SpecificName?.Length)
                .Body(members =>
                {
                    members.Add("attributes", JsonOf.Texts(Attributes));
                    members.PutMaybe("cardOwnerId", CardOwnerId, JsonOf.Guid);
                    members.Put("cardOwnerType", CardOwnerType, JsonOf.Word);
                    members.PutList("cards", Cards, JsonOf.Object);
                    members.Put("comment", Comment, JsonOf.Text);
                    members.PutMaybe("disabled", Disabled, JsonOf.Bool);
                    members.Add("familyName", JsonOf.Text(FamilyName));
                    members.Add("folderId", JsonOf.Int32(FolderId));
                    members.PutMaybe("organizationId", OrganizationId, JsonOf.Guid);
                    members.Put("pinCode", PinCode, JsonOf.Secret);
                    members.Add("specificName", JsonOf.Text(SpecificName));
                    members.Put("startTime", StartTime, JsonOf.LocalTime);
                    members.Put("stopTime", StopTime, JsonOf.LocalTime);
                })
                .Finish();
        }

        internal override CardOwner Read(AnswerData data)
        {
            return data.One("cardOwner", CardOwner.Read);
        }
    }

    /// <summary><c>POST /partners/{owningPartnerId}/instances/{owningInstanceId}/folders</c>.</summary>
    public sealed class CreateFolder : DaxOperation<Folder>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="name"><see cref="Name"/>.</param>
        /// <param name="parentFolderId"><see cref="ParentFolderId"/>.</param>
        public CreateFolder(DaxInstance target, string name, int parentFolderId)
        {
            Target = target;
            Name = name;
            ParentFolderId = parentFolderId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>name</c>.</summary>
        public string Name { get; set; }

        /// <summary><c>parentFolderId</c>.</summary>
        public int ParentFolderId { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "create_folder", "POST", Repeat.Never,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/folders")
                .Instance(Target)
                .NotEmpty("name", Name?.Length)
                .Body(members =>
                {
                    members.Add("name", JsonOf.Text(Name));
                    members.Add("parentFolderId", JsonOf.Int32(ParentFolderId));
                })
                .Finish();
        }

        internal override Folder Read(AnswerData data)
        {
            return data.One("folder", Folder.Read);
        }
    }

    /// <summary><c>POST
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/organizations</c>.</summary>
    public sealed class CreateOrganization : DaxOperation<Organization>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="name"><see cref="Name"/>.</param>
        public CreateOrganization(DaxInstance target, string name)
        {
            Target = target;
            Name = name;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>comment</c>.</summary>
        [AllowNull, MaybeNull]
        public string Comment { get; set; }

        /// <summary><c>name</c>.</summary>
        public string Name { get; set; }

        /// <summary><c>parentFolderId</c>.</summary>
        public int? ParentFolderId { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "create_organization", "POST", Repeat.Never,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/organizations")
                .Instance(Target)
                .NotEmpty("name", Name?.Length)
                .Body(members =>
                {
                    members.Put("comment", Comment, JsonOf.Text);
                    members.Add("name", JsonOf.Text(Name));
                    members.PutMaybe("parentFolderId", ParentFolderId, JsonOf.Int32);
                })
                .Finish();
        }

        internal override Organization Read(AnswerData data)
        {
            return data.One("organization", Organization.Read);
        }
    }

    /// <summary><c>DELETE /callbacks/{callbackId}</c>.</summary>
    public sealed class DeleteCallback : DaxOperation<DaxNothing>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="callbackId"><see cref="CallbackId"/>.</param>
        public DeleteCallback(Guid callbackId)
        {
            CallbackId = callbackId;
        }

        /// <summary><c>callbackId</c>.</summary>
        public Guid CallbackId { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "delete_callback", "DELETE", Repeat.Unsent,
                    "/callbacks/{callbackId}")
                .Path(CallbackId)
                .Finish();
        }

        internal override DaxNothing Read(AnswerData data)
        {
            return data.Nothing();
        }
    }

    /// <summary><c>DELETE
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/cards/{cardId}</c>.</summary>
    public sealed class DeleteCard : DaxOperation<DaxNothing>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="cardId"><see cref="CardId"/>.</param>
        public DeleteCard(DaxInstance target, Guid cardId)
        {
            Target = target;
            CardId = cardId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>cardId</c>.</summary>
        public Guid CardId { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "delete_card", "DELETE", Repeat.Unsent,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/cards/{cardId}")
                .Instance(Target)
                .Path(CardId)
                .Finish();
        }

        internal override DaxNothing Read(AnswerData data)
        {
            return data.Nothing();
        }
    }

    /// <summary><c>DELETE
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}</c>:
    /// Archives.</summary>
    public sealed class DeleteCardOwner : DaxOperation<DaxNothing>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="cardOwnerId"><see cref="CardOwnerId"/>.</param>
        public DeleteCardOwner(DaxInstance target, Guid cardOwnerId)
        {
            Target = target;
            CardOwnerId = cardOwnerId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>cardOwnerId</c>.</summary>
        public Guid CardOwnerId { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "delete_card_owner", "DELETE", Repeat.Unsent,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}")
                .Instance(Target)
                .Path(CardOwnerId)
                .Finish();
        }

        internal override DaxNothing Read(AnswerData data)
        {
            return data.Nothing();
        }
    }

    /// <summary><c>DELETE /partners/{owningPartnerId}/instances/{owningInstanceId}/folders/{folderId}</c>:
    /// May be refused; the conditions are not stated.</summary>
    public sealed class DeleteFolder : DaxOperation<DaxNothing>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="folderId"><see cref="FolderId"/>.</param>
        public DeleteFolder(DaxInstance target, int folderId)
        {
            Target = target;
            FolderId = folderId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>folderId</c>.</summary>
        public int FolderId { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "delete_folder", "DELETE", Repeat.Unsent,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/folders/{folderId}")
                .Instance(Target)
                .Path(FolderId)
                .Finish();
        }

        internal override DaxNothing Read(AnswerData data)
        {
            return data.Nothing();
        }
    }

    /// <summary><c>DELETE
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/organizations/{organizationId}</c>: May be
    /// refused; the conditions are not stated.</summary>
    public sealed class DeleteOrganization : DaxOperation<DaxNothing>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="organizationId"><see cref="OrganizationId"/>.</param>
        public DeleteOrganization(DaxInstance target, Guid organizationId)
        {
            Target = target;
            OrganizationId = organizationId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>organizationId</c>.</summary>
        public Guid OrganizationId { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "delete_organization", "DELETE", Repeat.Unsent,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/organizations/{organizationId}")
                .Instance(Target)
                .Path(OrganizationId)
                .Finish();
        }

        internal override DaxNothing Read(AnswerData data)
        {
            return data.Nothing();
        }
    }

    /// <summary><c>GET /partners/{owningPartnerId}/instances/{owningInstanceId}/pincode</c>.</summary>
    public sealed class GeneratePinCode : DaxOperation<DaxSecret>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        public GeneratePinCode(DaxInstance target)
        {
            Target = target;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "generate_pin_code", "GET", Repeat.Always,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/pincode")
                .Instance(Target)
                .Finish();
        }

        internal override DaxSecret Read(AnswerData data)
        {
            return data.One("pinCode", JsonAs.Secret);
        }
    }

    /// <summary><c>GET
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/{grantId}</c>.</summary>
    public sealed class GetAccessGrant : DaxOperation<Grant>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="grantId"><see cref="GrantId"/>.</param>
        public GetAccessGrant(DaxInstance target, Guid grantId)
        {
            Target = target;
            GrantId = grantId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>grantId</c>.</summary>
        public Guid GrantId { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "get_access_grant", "GET", Repeat.Always,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/{grantId}")
                .Instance(Target)
                .Path(GrantId)
                .Finish();
        }

        internal override Grant Read(AnswerData data)
        {
            return data.One("grant", Grant.Read);
        }
    }

    /// <summary><c>GET
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/cards/{cardId}</c>.</summary>
    public sealed class GetCard : DaxOperation<Card>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="cardId"><see cref="CardId"/>.</param>
        public GetCard(DaxInstance target, Guid cardId)
        {
            Target = target;
            CardId = cardId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>cardId</c>.</summary>
        public Guid CardId { get; set; }

        /// <summary><c>expand</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<ExpandCard> Expand { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "get_card", "GET", Repeat.Always,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/cards/{cardId}")
                .Instance(Target)
                .Path(CardId)
                .QueryList("expand", Expand)
                .Finish();
        }

        internal override Card Read(AnswerData data)
        {
            return data.One("card", Card.Read);
        }
    }

    /// <summary><c>GET
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}</c>.</summary>
    public sealed class GetCardOwner : DaxOperation<CardOwner>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="cardOwnerId"><see cref="CardOwnerId"/>.</param>
        public GetCardOwner(DaxInstance target, Guid cardOwnerId)
        {
            Target = target;
            CardOwnerId = cardOwnerId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>cardOwnerId</c>.</summary>
        public Guid CardOwnerId { get; set; }

        /// <summary><c>expand</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<ExpandOwner> Expand { get; set; }

        /// <summary><c>selectedAttributes</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<string> SelectedAttributes { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "get_card_owner", "GET", Repeat.Always,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}")
                .Instance(Target)
                .Path(CardOwnerId)
                .QueryList("expand", Expand)
                .QueryList("selectedAttributes", SelectedAttributes)
                .Finish();
        }

        internal override CardOwner Read(AnswerData data)
        {
            return data.One("cardOwner", CardOwner.Read);
        }
    }

    /// <summary><c>GET
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/folders/{folderId}</c>.</summary>
    public sealed class GetFolder : DaxOperation<GetFolderAnswer>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="folderId"><see cref="FolderId"/>.</param>
        public GetFolder(DaxInstance target, int folderId)
        {
            Target = target;
            FolderId = folderId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>folderId</c>.</summary>
        public int FolderId { get; set; }

        /// <summary><c>includeChildFolders</c>.</summary>
        public bool? IncludeChildFolders { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "get_folder", "GET", Repeat.Always,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/folders/{folderId}")
                .Instance(Target)
                .Path(FolderId)
                .Query("includeChildFolders", IncludeChildFolders)
                .Finish();
        }

        internal override GetFolderAnswer Read(AnswerData data)
        {
            return data.Whole(GetFolderAnswer.Read);
        }
    }

    /// <summary><c>GET
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/organizations/{organizationId}</c>.</summary>
    public sealed class GetOrganization : DaxOperation<Organization>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="organizationId"><see cref="OrganizationId"/>.</param>
        public GetOrganization(DaxInstance target, Guid organizationId)
        {
            Target = target;
            OrganizationId = organizationId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>organizationId</c>.</summary>
        public Guid OrganizationId { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "get_organization", "GET", Repeat.Always,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/organizations/{organizationId}")
                .Instance(Target)
                .Path(OrganizationId)
                .Finish();
        }

        internal override Organization Read(AnswerData data)
        {
            return data.One("organization", Organization.Read);
        }
    }

    /// <summary><c>GET /deliveries/packageboxes/{boxId}</c>.</summary>
    public sealed class GetPackageBox : DaxOperation<PackageBox>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="boxId"><see cref="BoxId"/>.</param>
        public GetPackageBox(Guid boxId)
        {
            BoxId = boxId;
        }

        /// <summary><c>boxId</c>.</summary>
        public Guid BoxId { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "get_package_box", "GET", Repeat.Always,
                    "/deliveries/packageboxes/{boxId}")
                .Path(BoxId)
                .Finish();
        }

        internal override PackageBox Read(AnswerData data)
        {
            return data.One("packageBox", PackageBox.Read);
        }
    }

    /// <summary><c>GET /accessgroups/{accessGroupId}</c>.</summary>
    public sealed class GetPublishedAccessGroup : DaxOperation<AccessGroup>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="accessGroupId"><see cref="AccessGroupId"/>.</param>
        public GetPublishedAccessGroup(Guid accessGroupId)
        {
            AccessGroupId = accessGroupId;
        }

        /// <summary><c>accessGroupId</c>.</summary>
        public Guid AccessGroupId { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "get_published_access_group", "GET", Repeat.Always,
                    "/accessgroups/{accessGroupId}")
                .Path(AccessGroupId)
                .Finish();
        }

        internal override AccessGroup Read(AnswerData data)
        {
            return data.One("accessGroup", AccessGroup.Read);
        }
    }

    /// <summary><c>POST /deliveries/recipientcapabilities</c>: The recipient is found by email, mobile
    /// number or both.</summary>
    public sealed class GetRecipientCapabilities : DaxOperation<GetRecipientCapabilitiesAnswer>
    {
        /// <summary>With what it must have.</summary>
        public GetRecipientCapabilities()
        {
        }

        /// <summary><c>emailAddress</c>.</summary>
        [AllowNull, MaybeNull]
        public string EmailAddress { get; set; }

        /// <summary><c>mobilePhone</c>.</summary>
        [AllowNull, MaybeNull]
        public string MobilePhone { get; set; }

        /// <summary><c>zipCode</c>.</summary>
        [AllowNull, MaybeNull]
        public string ZipCode { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "get_recipient_capabilities", "POST", Repeat.Unsent,
                    "/deliveries/recipientcapabilities")
                .Body(members =>
                {
                    members.Put("emailAddress", EmailAddress, JsonOf.Text);
                    members.Put("mobilePhone", MobilePhone, JsonOf.Text);
                    members.Put("zipCode", ZipCode, JsonOf.Text);
                })
                .Finish();
        }

        internal override GetRecipientCapabilitiesAnswer Read(AnswerData data)
        {
            return data.Whole(GetRecipientCapabilitiesAnswer.Read);
        }
    }

    /// <summary><c>GET
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgroups/{accessGroupId}</c>.</summary>
    public sealed class GetRemoteAccessGroup : DaxOperation<AccessGroupSimple>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="accessGroupId"><see cref="AccessGroupId"/>.</param>
        public GetRemoteAccessGroup(DaxInstance target, Guid accessGroupId)
        {
            Target = target;
            AccessGroupId = accessGroupId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>accessGroupId</c>.</summary>
        public Guid AccessGroupId { get; set; }

        /// <summary><c>selectedAttributes</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<string> SelectedAttributes { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "get_remote_access_group", "GET", Repeat.Always,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/accessgroups/{accessGroupId}")
                .Instance(Target)
                .Path(AccessGroupId)
                .QueryList("selectedAttributes", SelectedAttributes)
                .Finish();
        }

        internal override AccessGroupSimple Read(AnswerData data)
        {
            return data.One("accessGroup", AccessGroupSimple.Read);
        }
    }

    /// <summary><c>POST
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants</c>.</summary>
    public sealed class GrantAccess : DaxOperation<Grant>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="accessGroupId"><see cref="AccessGroupId"/>.</param>
        /// <param name="cardOwnerId"><see cref="CardOwnerId"/>.</param>
        public GrantAccess(DaxInstance target, Guid accessGroupId, Guid cardOwnerId)
        {
            Target = target;
            AccessGroupId = accessGroupId;
            CardOwnerId = cardOwnerId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>accessGroupId</c>.</summary>
        public Guid AccessGroupId { get; set; }

        /// <summary><c>cardClassification</c>: Only to target every card of a classification.</summary>
        [AllowNull, MaybeNull]
        public string CardClassification { get; set; }

        /// <summary><c>cardId</c>: Only to bind the grant to one card.</summary>
        public Guid? CardId { get; set; }

        /// <summary><c>cardOwnerId</c>.</summary>
        public Guid CardOwnerId { get; set; }

        /// <summary><c>startTime</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime StartTime { get; set; }

        /// <summary><c>stopTime</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime StopTime { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "grant_access", "POST", Repeat.Never,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants")
                .Instance(Target)
                .Body(members =>
                {
                    members.Add("accessGroupId", JsonOf.Guid(AccessGroupId));
                    members.Put("cardClassification", CardClassification, JsonOf.Text);
                    members.PutMaybe("cardId", CardId, JsonOf.Guid);
                    members.Add("cardOwnerId", JsonOf.Guid(CardOwnerId));
                    members.Put("startTime", StartTime, JsonOf.LocalTime);
                    members.Put("stopTime", StopTime, JsonOf.LocalTime);
                })
                .Finish();
        }

        internal override Grant Read(AnswerData data)
        {
            return data.One("grant", Grant.Read);
        }
    }

    /// <summary><c>POST
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/grantmultiplecardowners</c>.</summary>
    public sealed class GrantAccessGroupToCardOwners : DaxOperation<IReadOnlyList<Grant>>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="accessGroupId"><see cref="AccessGroupId"/>.</param>
        /// <param name="cardOwnerIds"><see cref="CardOwnerIds"/>.</param>
        public GrantAccessGroupToCardOwners(DaxInstance target, Guid accessGroupId, IReadOnlyList<Guid> cardOwnerIds)
        {
            Target = target;
            AccessGroupId = accessGroupId;
            CardOwnerIds = cardOwnerIds;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>accessGroupId</c>.</summary>
        public Guid AccessGroupId { get; set; }

        /// <summary><c>cardOwnerIds</c>.</summary>
        public IReadOnlyList<Guid> CardOwnerIds { get; set; }

        /// <summary><c>startTime</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime StartTime { get; set; }

        /// <summary><c>stopTime</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime StopTime { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "grant_access_group_to_card_owners", "POST", Repeat.Never,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/grantmultiplecardowners")
                .Instance(Target)
                .Needed("cardOwnerIds", CardOwnerIds)
                .Body(members =>
                {
                    members.Add("accessGroupId", JsonOf.Guid(AccessGroupId));
                    members.Add("cardOwnerIds", JsonOf.List(CardOwnerIds, JsonOf.Guid));
                    members.Put("startTime", StartTime, JsonOf.LocalTime);
                    members.Put("stopTime", StopTime, JsonOf.LocalTime);
                })
                .Finish();
        }

        internal override IReadOnlyList<Grant> Read(AnswerData data)
        {
            return data.List("grants", Grant.Read);
        }
    }

    /// <summary><c>POST
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/grantmultiple</c>.</summary>
    public sealed class GrantAccessGroupsToCardOwner : DaxOperation<IReadOnlyList<Grant>>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="accessGroupIds"><see cref="AccessGroupIds"/>.</param>
        /// <param name="cardOwnerId"><see cref="CardOwnerId"/>.</param>
        public GrantAccessGroupsToCardOwner(DaxInstance target, IReadOnlyList<Guid> accessGroupIds, Guid cardOwnerId)
        {
            Target = target;
            AccessGroupIds = accessGroupIds;
            CardOwnerId = cardOwnerId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>accessGroupIds</c>.</summary>
        public IReadOnlyList<Guid> AccessGroupIds { get; set; }

        /// <summary><c>cardClassification</c>: Only to target every card of a classification.</summary>
        [AllowNull, MaybeNull]
        public string CardClassification { get; set; }

        /// <summary><c>cardId</c>: Only to bind the grant to one card.</summary>
        public Guid? CardId { get; set; }

        /// <summary><c>cardOwnerId</c>.</summary>
        public Guid CardOwnerId { get; set; }

        /// <summary><c>startTime</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime StartTime { get; set; }

        /// <summary><c>stopTime</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime StopTime { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "grant_access_groups_to_card_owner", "POST", Repeat.Never,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/grantmultiple")
                .Instance(Target)
                .Needed("accessGroupIds", AccessGroupIds)
                .Body(members =>
                {
                    members.Add("accessGroupIds", JsonOf.List(AccessGroupIds, JsonOf.Guid));
                    members.Put("cardClassification", CardClassification, JsonOf.Text);
                    members.PutMaybe("cardId", CardId, JsonOf.Guid);
                    members.Add("cardOwnerId", JsonOf.Guid(CardOwnerId));
                    members.Put("startTime", StartTime, JsonOf.LocalTime);
                    members.Put("stopTime", StopTime, JsonOf.LocalTime);
                })
                .Finish();
        }

        internal override IReadOnlyList<Grant> Read(AnswerData data)
        {
            return data.List("grants", Grant.Read);
        }
    }

    /// <summary><c>GET /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants</c>.</summary>
    public sealed class ListAccessGrants : DaxByIdOperation<Grant, Guid>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        public ListAccessGrants(DaxInstance target)
        {
            Target = target;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>idFilter</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<Guid> IdFilter { get; set; }

        /// <summary><c>cardOwnerFilter</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<Guid> CardOwnerFilter { get; set; }

        internal override DaxListOperation<Grant> With(IReadOnlyList<Guid> ids)
        {
            var copy = (ListAccessGrants)MemberwiseClone();
            copy.IdFilter = ids;
            return copy;
        }

        internal override int MaxLimit
        {
            get { return 50; }
        }

        internal override string KeyOf(Grant item)
        {
            return item.GrantId.ToString();
        }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "list_access_grants", "GET", Repeat.Always,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants")
                .Instance(Target)
                .QueryList("idFilter", IdFilter)
                .QueryList("cardOwnerFilter", CardOwnerFilter)
                .Pages(Limit, Offset, MaxLimit)
                .Finish();
        }

        internal override IReadOnlyList<Grant> Read(AnswerData data)
        {
            return data.List("grants", Grant.Read);
        }
    }

    /// <summary><c>GET /callbacks</c>.</summary>
    public sealed class ListCallbacks : DaxListOperation<Callback>
    {
        /// <summary>With what it must have.</summary>
        public ListCallbacks()
        {
        }

        internal override int MaxLimit
        {
            get { return 50; }
        }

        internal override string KeyOf(Callback item)
        {
            return item.CallbackId.ToString();
        }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "list_callbacks", "GET", Repeat.Always,
                    "/callbacks")
                .Pages(Limit, Offset, MaxLimit)
                .Finish();
        }

        internal override IReadOnlyList<Callback> Read(AnswerData data)
        {
            return data.List("callbacks", Callback.Read);
        }
    }

    /// <summary><c>GET
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}/doors</c>: Only
    /// doors that this owner can open.</summary>
    public sealed class ListCardOwnerDoors : DaxOperation<IReadOnlyList<Door>>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="cardOwnerId"><see cref="CardOwnerId"/>.</param>
        public ListCardOwnerDoors(DaxInstance target, Guid cardOwnerId)
        {
            Target = target;
            CardOwnerId = cardOwnerId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>cardOwnerId</c>.</summary>
        public Guid CardOwnerId { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "list_card_owner_doors", "GET", Repeat.Always,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}/doors")
                .Instance(Target)
                .Path(CardOwnerId)
                .Finish();
        }

        internal override IReadOnlyList<Door> Read(AnswerData data)
        {
            return data.List("doors", Door.Read);
        }
    }

    /// <summary><c>GET /partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners</c>.</summary>
    public sealed class ListCardOwners : DaxByIdOperation<CardOwner, Guid>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        public ListCardOwners(DaxInstance target)
        {
            Target = target;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>expand</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<ExpandOwner> Expand { get; set; }

        /// <summary><c>idfilter</c>: Spelt with a small f here only.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<Guid> IdFilter { get; set; }

        /// <summary><c>nameFilter</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<string> NameFilter { get; set; }

        /// <summary><c>attributeFilter</c>: All pairs must match; a key whose value is null matches any owner
        /// that has the key.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<string> AttributeFilter { get; set; }

        /// <summary><c>selectedAttributes</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<string> SelectedAttributes { get; set; }

        /// <summary><c>folderFilter</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<int> FolderFilter { get; set; }

        /// <summary><c>organisationFilter</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<Guid> OrganisationFilter { get; set; }

        internal override DaxListOperation<CardOwner> With(IReadOnlyList<Guid> ids)
        {
            var copy = (ListCardOwners)MemberwiseClone();
            copy.IdFilter = ids;
            return copy;
        }

        internal override int MaxLimit
        {
            get { return 200; }
        }

        internal override string KeyOf(CardOwner item)
        {
            return item.CardOwnerId.ToString();
        }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "list_card_owners", "GET", Repeat.Always,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners")
                .Instance(Target)
                .QueryList("expand", Expand)
                .QueryList("idfilter", IdFilter)
                .QueryList("nameFilter", NameFilter)
                .QueryList("attributeFilter", AttributeFilter)
                .QueryList("selectedAttributes", SelectedAttributes)
                .QueryList("folderFilter", FolderFilter)
                .QueryList("organisationFilter", OrganisationFilter)
                .Pages(Limit, Offset, MaxLimit)
                .Finish();
        }

        internal override IReadOnlyList<CardOwner> Read(AnswerData data)
        {
            return data.List("cardOwners", CardOwner.Read);
        }
    }

    /// <summary><c>GET /partners/{owningPartnerId}/instances/{owningInstanceId}/cards</c>.</summary>
    public sealed class ListCards : DaxByIdOperation<Card, Guid>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        public ListCards(DaxInstance target)
        {
            Target = target;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>idFilter</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<Guid> IdFilter { get; set; }

        /// <summary><c>expand</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<ExpandCard> Expand { get; set; }

        internal override DaxListOperation<Card> With(IReadOnlyList<Guid> ids)
        {
            var copy = (ListCards)MemberwiseClone();
            copy.IdFilter = ids;
            return copy;
        }

        internal override int MaxLimit
        {
            get { return 50; }
        }

        internal override string KeyOf(Card item)
        {
            return item.CardId.ToString();
        }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "list_cards", "GET", Repeat.Always,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/cards")
                .Instance(Target)
                .QueryList("idFilter", IdFilter)
                .QueryList("expand", Expand)
                .Pages(Limit, Offset, MaxLimit)
                .Finish();
        }

        internal override IReadOnlyList<Card> Read(AnswerData data)
        {
            return data.List("cards", Card.Read);
        }
    }

    /// <summary><c>GET /contracts</c>: Contracts with the caller on either side.</summary>
    public sealed class ListContracts : DaxListOperation<Contract>
    {
        /// <summary>With what it must have.</summary>
        public ListContracts()
        {
        }

        internal override int MaxLimit
        {
            get { return 50; }
        }

        internal override string KeyOf(Contract item)
        {
            return item.ContractId.ToString();
        }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "list_contracts", "GET", Repeat.Always,
                    "/contracts")
                .Pages(Limit, Offset, MaxLimit)
                .Finish();
        }

        internal override IReadOnlyList<Contract> Read(AnswerData data)
        {
            return data.List("contracts", Contract.Read);
        }
    }

    /// <summary><c>GET /partners/{owningPartnerId}/instances/{owningInstanceId}/folders</c>.</summary>
    public sealed class ListFolders : DaxByIdOperation<Folder, int>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        public ListFolders(DaxInstance target)
        {
            Target = target;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>idFilter</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<int> IdFilter { get; set; }

        internal override DaxListOperation<Folder> With(IReadOnlyList<int> ids)
        {
            var copy = (ListFolders)MemberwiseClone();
            copy.IdFilter = ids;
            return copy;
        }

        internal override int MaxLimit
        {
            get { return 50; }
        }

        internal override string KeyOf(Folder item)
        {
            return item.FolderId?.ToString();
        }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "list_folders", "GET", Repeat.Always,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/folders")
                .Instance(Target)
                .QueryList("idFilter", IdFilter)
                .Pages(Limit, Offset, MaxLimit)
                .Finish();
        }

        internal override IReadOnlyList<Folder> Read(AnswerData data)
        {
            return data.List("folders", Folder.Read);
        }
    }

    /// <summary><c>GET
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/logs/{startTime}/{endTime}</c>.</summary>
    public sealed class ListLogEntries : DaxListOperation<Log>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="startTime"><see cref="StartTime"/>.</param>
        /// <param name="endTime"><see cref="EndTime"/>.</param>
        public ListLogEntries(DaxInstance target, DaxLocalTime startTime, DaxLocalTime endTime)
        {
            Target = target;
            StartTime = startTime;
            EndTime = endTime;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>startTime</c>.</summary>
        public DaxLocalTime StartTime { get; set; }

        /// <summary><c>endTime</c>.</summary>
        public DaxLocalTime EndTime { get; set; }

        internal override int MaxLimit
        {
            get { return 50; }
        }

        internal override string KeyOf(Log item)
        {
            return null;
        }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "list_log_entries", "GET", Repeat.Always,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/logs/{startTime}/{endTime}")
                .Instance(Target)
                .Path(StartTime)
                .Path(EndTime)
                .Pages(Limit, Offset, MaxLimit)
                .Finish();
        }

        internal override IReadOnlyList<Log> Read(AnswerData data)
        {
            return data.List("logs", Log.Read);
        }
    }

    /// <summary><c>GET
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/organizations</c>.</summary>
    public sealed class ListOrganizations : DaxByIdOperation<Organization, Guid>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        public ListOrganizations(DaxInstance target)
        {
            Target = target;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>idFilter</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<Guid> IdFilter { get; set; }

        /// <summary><c>folderIdFilter</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<int> FolderIdFilter { get; set; }

        internal override DaxListOperation<Organization> With(IReadOnlyList<Guid> ids)
        {
            var copy = (ListOrganizations)MemberwiseClone();
            copy.IdFilter = ids;
            return copy;
        }

        internal override int MaxLimit
        {
            get { return 50; }
        }

        internal override string KeyOf(Organization item)
        {
            return item.Id.ToString();
        }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "list_organizations", "GET", Repeat.Always,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/organizations")
                .Instance(Target)
                .QueryList("idFilter", IdFilter)
                .QueryList("folderIdFilter", FolderIdFilter)
                .Pages(Limit, Offset, MaxLimit)
                .Finish();
        }

        internal override IReadOnlyList<Organization> Read(AnswerData data)
        {
            return data.List("organizations", Organization.Read);
        }
    }

    /// <summary><c>GET /deliveries/packageboxes</c>.</summary>
    public sealed class ListPackageBoxes : DaxListOperation<PackageBox>
    {
        /// <summary>With what it must have.</summary>
        public ListPackageBoxes()
        {
        }

        internal override int MaxLimit
        {
            get { return 50; }
        }

        internal override string KeyOf(PackageBox item)
        {
            return item.PackageBoxId.ToString();
        }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "list_package_boxes", "GET", Repeat.Always,
                    "/deliveries/packageboxes")
                .Pages(Limit, Offset, MaxLimit)
                .Finish();
        }

        internal override IReadOnlyList<PackageBox> Read(AnswerData data)
        {
            return data.List("packageBoxes", PackageBox.Read);
        }
    }

    /// <summary><c>GET /accessgroups</c>.</summary>
    public sealed class ListPublishedAccessGroups : DaxListOperation<AccessGroup>
    {
        /// <summary>With what it must have.</summary>
        public ListPublishedAccessGroups()
        {
        }

        internal override int MaxLimit
        {
            get { return 50; }
        }

        internal override string KeyOf(AccessGroup item)
        {
            return item.AccessGroupId.ToString();
        }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "list_published_access_groups", "GET", Repeat.Always,
                    "/accessgroups")
                .Pages(Limit, Offset, MaxLimit)
                .Finish();
        }

        internal override IReadOnlyList<AccessGroup> Read(AnswerData data)
        {
            return data.List("accessGroups", AccessGroup.Read);
        }
    }

    /// <summary><c>GET /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgroups</c>.</summary>
    public sealed class ListRemoteAccessGroups : DaxListOperation<AccessGroupSimple>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        public ListRemoteAccessGroups(DaxInstance target)
        {
            Target = target;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>selectedAttributes</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<string> SelectedAttributes { get; set; }

        /// <summary><c>folderIds</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<int> FolderIds { get; set; }

        internal override int MaxLimit
        {
            get { return 50; }
        }

        internal override string KeyOf(AccessGroupSimple item)
        {
            return item.AccessGroupId.ToString();
        }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "list_remote_access_groups", "GET", Repeat.Always,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/accessgroups")
                .Instance(Target)
                .QueryList("selectedAttributes", SelectedAttributes)
                .QueryList("folderIds", FolderIds)
                .Pages(Limit, Offset, MaxLimit)
                .Finish();
        }

        internal override IReadOnlyList<AccessGroupSimple> Read(AnswerData data)
        {
            return data.List("accessGroups", AccessGroupSimple.Read);
        }
    }

    /// <summary><c>GET
    /// /partners/{respondingPartnerId}/instances/{respondingInstanceId}/renzrecipients</c>.</summary>
    public sealed class ListRenzRecipients : DaxOperation<IReadOnlyList<RenzCardOwner>>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        public ListRenzRecipients(DaxInstance target)
        {
            Target = target;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>systemIds</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<string> SystemIds { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "list_renz_recipients", "GET", Repeat.Always,
                    "/partners/{respondingPartnerId}/instances/{respondingInstanceId}/renzrecipients")
                .Instance(Target)
                .Body(members =>
                {
                    members.PutList("systemIds", SystemIds, JsonOf.Text);
                })
                .Finish();
        }

        internal override IReadOnlyList<RenzCardOwner> Read(AnswerData data)
        {
            return data.List("recipients", RenzCardOwner.Read);
        }
    }

    /// <summary><c>POST /accessgroups/ObtainAccess</c>.</summary>
    public sealed class ObtainAccess : DaxOperation<bool>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="accessGroups"><see cref="AccessGroups"/>.</param>
        /// <param name="cardOwners"><see cref="CardOwners"/>.</param>
        /// <param name="periodOfValidityMinutes"><see cref="PeriodOfValidityMinutes"/>.</param>
        /// <param name="ticketIdentifier"><see cref="TicketIdentifier"/>.</param>
        public ObtainAccess(IReadOnlyList<ObtainAccessGroup> accessGroups, IReadOnlyList<CommonCardOwner> cardOwners, long periodOfValidityMinutes, string ticketIdentifier)
        {
            AccessGroups = accessGroups;
            CardOwners = cardOwners;
            PeriodOfValidityMinutes = periodOfValidityMinutes;
            TicketIdentifier = ticketIdentifier;
        }

        /// <summary><c>accessGroups</c>.</summary>
        public IReadOnlyList<ObtainAccessGroup> AccessGroups { get; set; }

        /// <summary><c>cardOwners</c>.</summary>
        public IReadOnlyList<CommonCardOwner> CardOwners { get; set; }

        /// <summary><c>periodOfValidityMinutes</c>.</summary>
        public long PeriodOfValidityMinutes { get; set; }

        /// <summary><c>ticketIdentifier</c>.</summary>
        public string TicketIdentifier { get; set; }

        /// <summary><c>validFrom</c>: Left out: now.</summary>
        [AllowNull, MaybeNull]
        public DaxUtcTime ValidFrom { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "obtain_access", "POST", Repeat.Never,
                    "/accessgroups/ObtainAccess")
                .Needed("accessGroups", AccessGroups)
                .Needed("cardOwners", CardOwners)
                .NotEmpty("ticketIdentifier", TicketIdentifier?.Length)
                .Body(members =>
                {
                    members.Add("accessGroups", JsonOf.List(AccessGroups, JsonOf.Object));
                    members.Add("cardOwners", JsonOf.List(CardOwners, JsonOf.Object));
                    members.Add("periodOfValidityMinutes", JsonOf.Int64(PeriodOfValidityMinutes));
                    members.Add("ticketIdentifier", JsonOf.Text(TicketIdentifier));
                    members.Put("validFrom", ValidFrom, JsonOf.UtcTime);
                })
                .Finish();
        }

        internal override bool Read(AnswerData data)
        {
            return data.One("success", JsonAs.Bool);
        }
    }

    /// <summary><c>POST
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}/doors/{doorId}/open</c>:
    /// The owner needs access to that door.</summary>
    public sealed class OpenCardOwnerDoor : DaxOperation<DaxNothing>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="cardOwnerId"><see cref="CardOwnerId"/>.</param>
        /// <param name="doorId"><see cref="DoorId"/>.</param>
        public OpenCardOwnerDoor(DaxInstance target, Guid cardOwnerId, Guid doorId)
        {
            Target = target;
            CardOwnerId = cardOwnerId;
            DoorId = doorId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>cardOwnerId</c>.</summary>
        public Guid CardOwnerId { get; set; }

        /// <summary><c>doorId</c>.</summary>
        public Guid DoorId { get; set; }

        /// <summary><c>pinCode</c>: PIN of the card owner, checked before the door opens.</summary>
        [AllowNull, MaybeNull]
        public DaxSecret PinCode { get; set; }

        /// <summary><c>timeout</c>: In ms.</summary>
        public int? Timeout { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "open_card_owner_door", "POST", Repeat.Never,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}/doors/{doorId}/open")
                .Instance(Target)
                .Path(CardOwnerId)
                .Path(DoorId)
                .Body(members =>
                {
                    members.Put("pinCode", PinCode, JsonOf.Secret);
                    members.PutMaybe("timeout", Timeout, JsonOf.Int32);
                })
                .Finish();
        }

        internal override DaxNothing Read(AnswerData data)
        {
            return data.Nothing();
        }
    }

    /// <summary><c>POST /accessgroups</c>.</summary>
    public sealed class PublishAccessGroups : DaxOperation<bool>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="accessGroups"><see cref="AccessGroups"/>.</param>
        /// <param name="destinationPartnerId"><see cref="DestinationPartnerId"/>.</param>
        public PublishAccessGroups(IReadOnlyList<AccessGroupDto> accessGroups, Guid destinationPartnerId)
        {
            AccessGroups = accessGroups;
            DestinationPartnerId = destinationPartnerId;
        }

        /// <summary><c>accessGroups</c>.</summary>
        public IReadOnlyList<AccessGroupDto> AccessGroups { get; set; }

        /// <summary><c>destinationPartnerId</c>.</summary>
        public Guid DestinationPartnerId { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "publish_access_groups", "POST", Repeat.Never,
                    "/accessgroups")
                .Needed("accessGroups", AccessGroups)
                .Body(members =>
                {
                    members.Add("accessGroups", JsonOf.List(AccessGroups, JsonOf.Object));
                    members.Add("destinationPartnerId", JsonOf.Guid(DestinationPartnerId));
                })
                .Finish();
        }

        internal override bool Read(AnswerData data)
        {
            return data.One("success", JsonAs.Bool);
        }
    }

    /// <summary><c>POST /callbacks</c>.</summary>
    public sealed class RegisterCallbacks : DaxOperation<IReadOnlyList<Callback>>
    {
        /// <summary>With what it must have.</summary>
        public RegisterCallbacks()
        {
        }

        /// <summary><c>callbacks</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<CallbackBase> Callbacks { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "register_callbacks", "POST", Repeat.Never,
                    "/callbacks")
                .Body(members =>
                {
                    members.PutList("callbacks", Callbacks, JsonOf.Object);
                })
                .Finish();
        }

        internal override IReadOnlyList<Callback> Read(AnswerData data)
        {
            return data.List("callbacks", Callback.Read);
        }
    }

    /// <summary><c>POST /deliveries/packageboxes/{packageBoxId}/reserve</c>.</summary>
    public sealed class ReservePackageBox : DaxOperation<ReservePackageBoxAnswer>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="packageBoxId"><see cref="PackageBoxId"/>.</param>
        public ReservePackageBox(Guid packageBoxId)
        {
            PackageBoxId = packageBoxId;
        }

        /// <summary><c>packageBoxId</c>.</summary>
        public Guid PackageBoxId { get; set; }

        /// <summary><c>parcelId</c>.</summary>
        [AllowNull, MaybeNull]
        public string ParcelId { get; set; }

        /// <summary><c>pinCode</c>: Left out: the server may generate one.</summary>
        [AllowNull, MaybeNull]
        public DaxSecret PinCode { get; set; }

        /// <summary><c>recipient</c>.</summary>
        [AllowNull, MaybeNull]
        public DeliveryRecipient Recipient { get; set; }

        /// <summary><c>reservationExpiryUtc</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxUtcTime ReservationExpiryUtc { get; set; }

        /// <summary><c>reserveFromDateTimeUtc</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxUtcTime ReserveFromDateTimeUtc { get; set; }

        /// <summary><c>sizes</c>: Box sizes to choose among.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<int> Sizes { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "reserve_package_box", "POST", Repeat.Never,
                    "/deliveries/packageboxes/{packageBoxId}/reserve")
                .Path(PackageBoxId)
                .Body(members =>
                {
                    members.Put("parcelId", ParcelId, JsonOf.Text);
                    members.Put("pinCode", PinCode, JsonOf.Secret);
                    members.Put("recipient", Recipient, JsonOf.Object);
                    members.Put("reservationExpiryUtc", ReservationExpiryUtc, JsonOf.UtcTime);
                    members.Put("reserveFromDateTimeUtc", ReserveFromDateTimeUtc, JsonOf.UtcTime);
                    members.PutList("sizes", Sizes, JsonOf.Int32);
                })
                .Finish();
        }

        internal override ReservePackageBoxAnswer Read(AnswerData data)
        {
            return data.Whole(ReservePackageBoxAnswer.Read);
        }
    }

    /// <summary><c>DELETE
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/{grantId}</c>.</summary>
    public sealed class RevokeAccessGrant : DaxOperation<DaxNothing>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="grantId"><see cref="GrantId"/>.</param>
        public RevokeAccessGrant(DaxInstance target, Guid grantId)
        {
            Target = target;
            GrantId = grantId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>grantId</c>.</summary>
        public Guid GrantId { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "revoke_access_grant", "DELETE", Repeat.Unsent,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/{grantId}")
                .Instance(Target)
                .Path(GrantId)
                .Finish();
        }

        internal override DaxNothing Read(AnswerData data)
        {
            return data.Nothing();
        }
    }

    /// <summary><c>DELETE
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/revokemultiple</c>.</summary>
    public sealed class RevokeAccessGrants : DaxOperation<DaxNothing>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        public RevokeAccessGrants(DaxInstance target)
        {
            Target = target;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>grantIds</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<Guid> GrantIds { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "revoke_access_grants", "DELETE", Repeat.Unsent,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/revokemultiple")
                .Instance(Target)
                .Body(members =>
                {
                    members.PutList("grantIds", GrantIds, JsonOf.Guid);
                })
                .Finish();
        }

        internal override DaxNothing Read(AnswerData data)
        {
            return data.Nothing();
        }
    }

    /// <summary><c>PATCH
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/{grantId}</c>.</summary>
    public sealed class UpdateAccessGrant : DaxOperation<Grant>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="grantId"><see cref="GrantId"/>.</param>
        /// <param name="patch"><see cref="Patch"/>.</param>
        public UpdateAccessGrant(DaxInstance target, Guid grantId, GrantPatch patch)
        {
            Target = target;
            GrantId = grantId;
            Patch = patch;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>grantId</c>.</summary>
        public Guid GrantId { get; set; }

        /// <summary>What is changed.</summary>
        public GrantPatch Patch { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "update_access_grant", "PATCH", Repeat.Unsent,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/accessgrants/{grantId}")
                .Instance(Target)
                .Path(GrantId)
                .NotEmpty("patchItems", Patch?.Count)
                .Body(members => members.Add("patchItems", Patch?.Items() ?? DaxJson.Null))
                .Finish();
        }

        internal override Grant Read(AnswerData data)
        {
            return data.One("accessGrant", Grant.Read);
        }
    }

    /// <summary><c>PUT /callbacks</c>.</summary>
    public sealed class UpdateCallbacks : DaxOperation<IReadOnlyList<Callback>>
    {
        /// <summary>With what it must have.</summary>
        public UpdateCallbacks()
        {
        }

        /// <summary><c>callbacks</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<Callback> Callbacks { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "update_callbacks", "PUT", Repeat.Unsent,
                    "/callbacks")
                .Body(members =>
                {
                    members.PutList("callbacks", Callbacks, JsonOf.Object);
                })
                .Finish();
        }

        internal override IReadOnlyList<Callback> Read(AnswerData data)
        {
            return data.List("callbacks", Callback.Read);
        }
    }

    /// <summary><c>PATCH
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/cards/{cardId}</c>.</summary>
    public sealed class UpdateCard : DaxOperation<Card>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="cardId"><see cref="CardId"/>.</param>
        /// <param name="patch"><see cref="Patch"/>.</param>
        public UpdateCard(DaxInstance target, Guid cardId, CardPatch patch)
        {
            Target = target;
            CardId = cardId;
            Patch = patch;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>cardId</c>.</summary>
        public Guid CardId { get; set; }

        /// <summary>What is changed.</summary>
        public CardPatch Patch { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "update_card", "PATCH", Repeat.Unsent,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/cards/{cardId}")
                .Instance(Target)
                .Path(CardId)
                .NotEmpty("patchItems", Patch?.Count)
                .Body(members => members.Add("patchItems", Patch?.Items() ?? DaxJson.Null))
                .Finish();
        }

        internal override Card Read(AnswerData data)
        {
            return data.One("card", Card.Read);
        }
    }

    /// <summary><c>PATCH
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}</c>.</summary>
    public sealed class UpdateCardOwner : DaxOperation<CardOwner>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="cardOwnerId"><see cref="CardOwnerId"/>.</param>
        /// <param name="patch"><see cref="Patch"/>.</param>
        public UpdateCardOwner(DaxInstance target, Guid cardOwnerId, CardOwnerPatch patch)
        {
            Target = target;
            CardOwnerId = cardOwnerId;
            Patch = patch;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>cardOwnerId</c>.</summary>
        public Guid CardOwnerId { get; set; }

        /// <summary>What is changed.</summary>
        public CardOwnerPatch Patch { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "update_card_owner", "PATCH", Repeat.Unsent,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}")
                .Instance(Target)
                .Path(CardOwnerId)
                .NotEmpty("patchItems", Patch?.Count)
                .Body(members => members.Add("patchItems", Patch?.Items() ?? DaxJson.Null))
                .Finish();
        }

        internal override CardOwner Read(AnswerData data)
        {
            return data.One("cardOwner", CardOwner.Read);
        }
    }

    /// <summary><c>PATCH
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/folders/{folderId}</c>.</summary>
    public sealed class UpdateFolder : DaxOperation<Folder>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="folderId"><see cref="FolderId"/>.</param>
        /// <param name="patch"><see cref="Patch"/>.</param>
        public UpdateFolder(DaxInstance target, int folderId, FolderPatch patch)
        {
            Target = target;
            FolderId = folderId;
            Patch = patch;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>folderId</c>.</summary>
        public int FolderId { get; set; }

        /// <summary>What is changed.</summary>
        public FolderPatch Patch { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "update_folder", "PATCH", Repeat.Unsent,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/folders/{folderId}")
                .Instance(Target)
                .Path(FolderId)
                .NotEmpty("patchItems", Patch?.Count)
                .Body(members => members.Add("patchItems", Patch?.Items() ?? DaxJson.Null))
                .Finish();
        }

        internal override Folder Read(AnswerData data)
        {
            return data.One("folder", Folder.Read);
        }
    }

    /// <summary><c>PATCH
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/organizations/{organizationId}</c>.</summary>
    public sealed class UpdateOrganization : DaxOperation<Organization>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="organizationId"><see cref="OrganizationId"/>.</param>
        /// <param name="patch"><see cref="Patch"/>.</param>
        public UpdateOrganization(DaxInstance target, Guid organizationId, OrganizationPatch patch)
        {
            Target = target;
            OrganizationId = organizationId;
            Patch = patch;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>organizationId</c>.</summary>
        public Guid OrganizationId { get; set; }

        /// <summary>What is changed.</summary>
        public OrganizationPatch Patch { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "update_organization", "PATCH", Repeat.Unsent,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/organizations/{organizationId}")
                .Instance(Target)
                .Path(OrganizationId)
                .NotEmpty("patchItems", Patch?.Count)
                .Body(members => members.Add("patchItems", Patch?.Items() ?? DaxJson.Null))
                .Finish();
        }

        internal override Organization Read(AnswerData data)
        {
            return data.One("organization", Organization.Read);
        }
    }

    /// <summary><c>POST
    /// /partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}/image</c>: Only
    /// for a Person.</summary>
    public sealed class UploadCardOwnerImage : DaxOperation<DaxNothing>
    {
        /// <summary>With what it must have.</summary>
        /// <param name="target"><see cref="Target"/>.</param>
        /// <param name="cardOwnerId"><see cref="CardOwnerId"/>.</param>
        public UploadCardOwnerImage(DaxInstance target, Guid cardOwnerId)
        {
            Target = target;
            CardOwnerId = cardOwnerId;
        }

        /// <summary>The instance that is asked.</summary>
        public DaxInstance Target { get; set; }

        /// <summary><c>cardOwnerId</c>.</summary>
        public Guid CardOwnerId { get; set; }

        /// <summary><c>image</c>.</summary>
        [AllowNull, MaybeNull]
        public byte[] Image { get; set; }

        internal override ApiRequest Request()
        {
            return new Draft(
                    "upload_card_owner_image", "POST", Repeat.Unsent,
                    "/partners/{owningPartnerId}/instances/{owningInstanceId}/cardowners/{cardOwnerId}/image")
                .Instance(Target)
                .Path(CardOwnerId)
                .Body(members =>
                {
                    members.Put("image", Image, JsonOf.Bytes);
                })
                .Finish();
        }

        internal override DaxNothing Read(AnswerData data)
        {
            return data.Nothing();
        }
    }
}
