// Made from api/dax-api.json by `cargo run -p daxsign-tests --bin dax_api`: change it there.
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Daxsign.Api
{
    /// <summary><c>AccessControlInstanceItem</c> of the API.</summary>
    public sealed class AccessControlInstance : DaxObject
    {
        /// <summary><c>accessControlInstanceId</c>: The instanceId used in paths.</summary>
        public Guid AccessControlInstanceId { get; set; }

        /// <summary><c>clientVersion</c>: Version of the DAX client library at the instance.</summary>
        [AllowNull, MaybeNull]
        public string ClientVersion { get; set; }

        /// <summary><c>description</c>.</summary>
        [AllowNull, MaybeNull]
        public string Description { get; set; }

        /// <summary><c>lastActiveUtc</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxUtcTime LastActiveUtc { get; set; }

        /// <summary><c>name</c>.</summary>
        [AllowNull, MaybeNull]
        public string Name { get; set; }

        internal static AccessControlInstance Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new AccessControlInstance
            {
                AccessControlInstanceId = members.Need("accessControlInstanceId", JsonAs.Guid),
                ClientVersion = members.One("clientVersion", JsonAs.Text),
                Description = members.One("description", JsonAs.Text),
                LastActiveUtc = members.One("lastActiveUtc", JsonAs.UtcTime),
                Name = members.One("name", JsonAs.Text),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Add("accessControlInstanceId", JsonOf.Guid(AccessControlInstanceId));
            members.Put("clientVersion", ClientVersion, JsonOf.Text);
            members.Put("description", Description, JsonOf.Text);
            members.Put("lastActiveUtc", LastActiveUtc, JsonOf.UtcTime);
            members.Put("name", Name, JsonOf.Text);
        }
    }

    /// <summary><c>AccessGroupItem</c> of the API.</summary>
    public sealed class AccessGroup : DaxObject
    {
        /// <summary><c>accessControlSystem</c>.</summary>
        [AllowNull, MaybeNull]
        public string AccessControlSystem { get; set; }

        /// <summary><c>accessGroupId</c>.</summary>
        public Guid AccessGroupId { get; set; }

        /// <summary><c>latitude</c>.</summary>
        public double? Latitude { get; set; }

        /// <summary><c>longitude</c>.</summary>
        public double? Longitude { get; set; }

        /// <summary><c>receivingAccessControlInstance</c>.</summary>
        [AllowNull, MaybeNull]
        public AccessControlInstance ReceivingAccessControlInstance { get; set; }

        /// <summary><c>receivingPartner</c>.</summary>
        [AllowNull, MaybeNull]
        public Partner ReceivingPartner { get; set; }

        /// <summary><c>remoteAccessGroupId</c>.</summary>
        [AllowNull, MaybeNull]
        public string RemoteAccessGroupId { get; set; }

        /// <summary><c>remoteName</c>.</summary>
        [AllowNull, MaybeNull]
        public string RemoteName { get; set; }

        /// <summary><c>tags</c>.</summary>
        [AllowNull]
        public IReadOnlyList<Tag> Tags { get; set; }

        internal static AccessGroup Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new AccessGroup
            {
                AccessControlSystem = members.One("accessControlSystem", JsonAs.Text),
                AccessGroupId = members.Need("accessGroupId", JsonAs.Guid),
                Latitude = members.Maybe("latitude", JsonAs.Number),
                Longitude = members.Maybe("longitude", JsonAs.Number),
                ReceivingAccessControlInstance = members.One("receivingAccessControlInstance", AccessControlInstance.Read),
                ReceivingPartner = members.One("receivingPartner", Partner.Read),
                RemoteAccessGroupId = members.One("remoteAccessGroupId", JsonAs.Text),
                RemoteName = members.One("remoteName", JsonAs.Text),
                Tags = members.List("tags", Tag.Read),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("accessControlSystem", AccessControlSystem, JsonOf.Text);
            members.Add("accessGroupId", JsonOf.Guid(AccessGroupId));
            members.PutMaybe("latitude", Latitude, JsonOf.Number);
            members.PutMaybe("longitude", Longitude, JsonOf.Number);
            members.Put("receivingAccessControlInstance", ReceivingAccessControlInstance, JsonOf.Object);
            members.Put("receivingPartner", ReceivingPartner, JsonOf.Object);
            members.Put("remoteAccessGroupId", RemoteAccessGroupId, JsonOf.Text);
            members.Put("remoteName", RemoteName, JsonOf.Text);
            members.PutList("tags", Tags, JsonOf.Object);
        }
    }

    /// <summary><c>AccessGroupDto</c> of the API.</summary>
    public sealed class AccessGroupDto : DaxObject
    {
        /// <summary><c>accessGroupId</c>.</summary>
        public Guid AccessGroupId { get; set; }

        /// <summary><c>accessGroupName</c>.</summary>
        [AllowNull, MaybeNull]
        public string AccessGroupName { get; set; }

        /// <summary><c>latitude</c>.</summary>
        public double? Latitude { get; set; }

        /// <summary><c>longitude</c>.</summary>
        public double? Longitude { get; set; }

        internal static AccessGroupDto Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new AccessGroupDto
            {
                AccessGroupId = members.Need("accessGroupId", JsonAs.Guid),
                AccessGroupName = members.One("accessGroupName", JsonAs.Text),
                Latitude = members.Maybe("latitude", JsonAs.Number),
                Longitude = members.Maybe("longitude", JsonAs.Number),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Add("accessGroupId", JsonOf.Guid(AccessGroupId));
            members.Put("accessGroupName", AccessGroupName, JsonOf.Text);
            members.PutMaybe("latitude", Latitude, JsonOf.Number);
            members.PutMaybe("longitude", Longitude, JsonOf.Number);
        }
    }

    /// <summary><c>AccessGroupSimpleItem</c> of the API.</summary>
    public sealed class AccessGroupSimple : DaxObject
    {
        /// <summary><c>accessGroupId</c>.</summary>
        public Guid AccessGroupId { get; set; }

        /// <summary><c>attributes</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyDictionary<string, string> Attributes { get; set; }

        /// <summary><c>folderId</c>.</summary>
        public int? FolderId { get; set; }

        /// <summary><c>name</c>.</summary>
        [AllowNull, MaybeNull]
        public string Name { get; set; }

        internal static AccessGroupSimple Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new AccessGroupSimple
            {
                AccessGroupId = members.Need("accessGroupId", JsonAs.Guid),
                Attributes = members.One("attributes", JsonAs.Texts),
                FolderId = members.Maybe("folderId", JsonAs.Int32),
                Name = members.One("name", JsonAs.Text),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Add("accessGroupId", JsonOf.Guid(AccessGroupId));
            members.Put("attributes", Attributes, JsonOf.Texts);
            members.PutMaybe("folderId", FolderId, JsonOf.Int32);
            members.Put("name", Name, JsonOf.Text);
        }
    }

    /// <summary><c>BoxCharacteristics</c> of the API.</summary>
    public sealed class BoxCharacteristics : DaxObject
    {
        /// <summary><c>boxSize</c>.</summary>
        public int? BoxSize { get; set; }

        /// <summary><c>boxType</c>.</summary>
        public int? BoxType { get; set; }

        /// <summary><c>depth</c>: In mm.</summary>
        public int? Depth { get; set; }

        /// <summary><c>height</c>: In mm.</summary>
        public int? Height { get; set; }

        /// <summary><c>maximumLoad</c>: In g.</summary>
        public int? MaximumLoad { get; set; }

        /// <summary><c>width</c>: In mm.</summary>
        public int? Width { get; set; }

        internal static BoxCharacteristics Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new BoxCharacteristics
            {
                BoxSize = members.Maybe("boxSize", JsonAs.Int32),
                BoxType = members.Maybe("boxType", JsonAs.Int32),
                Depth = members.Maybe("depth", JsonAs.Int32),
                Height = members.Maybe("height", JsonAs.Int32),
                MaximumLoad = members.Maybe("maximumLoad", JsonAs.Int32),
                Width = members.Maybe("width", JsonAs.Int32),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.PutMaybe("boxSize", BoxSize, JsonOf.Int32);
            members.PutMaybe("boxType", BoxType, JsonOf.Int32);
            members.PutMaybe("depth", Depth, JsonOf.Int32);
            members.PutMaybe("height", Height, JsonOf.Int32);
            members.PutMaybe("maximumLoad", MaximumLoad, JsonOf.Int32);
            members.PutMaybe("width", Width, JsonOf.Int32);
        }
    }

    /// <summary><c>BoxItem</c> of the API.</summary>
    public sealed class BoxItem : DaxObject
    {
        /// <summary><c>boxId</c>.</summary>
        public Guid BoxId { get; set; }

        /// <summary><c>characteristics</c>.</summary>
        [AllowNull, MaybeNull]
        public BoxCharacteristics Characteristics { get; set; }

        internal static BoxItem Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new BoxItem
            {
                BoxId = members.Need("boxId", JsonAs.Guid),
                Characteristics = members.One("characteristics", BoxCharacteristics.Read),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Add("boxId", JsonOf.Guid(BoxId));
            members.Put("characteristics", Characteristics, JsonOf.Object);
        }
    }

    /// <summary><c>CallbackItem</c> of the API.</summary>
    public sealed class Callback : DaxObject
    {
        /// <summary><c>bearerToken</c>: Sent as bearer token on the callback.</summary>
        [AllowNull, MaybeNull]
        public DaxSecret BearerToken { get; set; }

        /// <summary><c>callbackId</c>.</summary>
        public Guid CallbackId { get; set; }

        /// <summary><c>callbackUrl</c>: Called with POST.</summary>
        [AllowNull, MaybeNull]
        public string CallbackUrl { get; set; }

        /// <summary><c>domain</c>.</summary>
        [AllowNull, MaybeNull]
        public string Domain { get; set; }

        /// <summary><c>eventType</c>.</summary>
        [AllowNull, MaybeNull]
        public EventType EventType { get; set; }

        /// <summary><c>headers</c>: Extra headers on the callback.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyDictionary<string, DaxSecret> Headers { get; set; }

        internal static Callback Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new Callback
            {
                BearerToken = members.One("bearerToken", JsonAs.Secret),
                CallbackId = members.Need("callbackId", JsonAs.Guid),
                CallbackUrl = members.One("callbackUrl", JsonAs.Text),
                Domain = members.One("domain", JsonAs.Text),
                EventType = members.One("eventType", EventType.Read),
                Headers = members.One("headers", JsonAs.Secrets),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("bearerToken", BearerToken, JsonOf.Secret);
            members.Add("callbackId", JsonOf.Guid(CallbackId));
            members.Put("callbackUrl", CallbackUrl, JsonOf.Text);
            members.Put("domain", Domain, JsonOf.Text);
            members.Put("eventType", EventType, JsonOf.Word);
            members.Put("headers", Headers, JsonOf.Secrets);
        }
    }

    /// <summary><c>CallbackBase</c> of the API.</summary>
    public sealed class CallbackBase : DaxObject
    {
        /// <summary><c>bearerToken</c>: Sent as bearer token on the callback.</summary>
        [AllowNull, MaybeNull]
        public DaxSecret BearerToken { get; set; }

        /// <summary><c>callbackUrl</c>: Called with POST.</summary>
        [AllowNull, MaybeNull]
        public string CallbackUrl { get; set; }

        /// <summary><c>domain</c>.</summary>
        [AllowNull, MaybeNull]
        public string Domain { get; set; }

        /// <summary><c>eventType</c>.</summary>
        [AllowNull, MaybeNull]
        public EventType EventType { get; set; }

        /// <summary><c>headers</c>: Extra headers on the callback.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyDictionary<string, DaxSecret> Headers { get; set; }

        internal static CallbackBase Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new CallbackBase
            {
                BearerToken = members.One("bearerToken", JsonAs.Secret),
                CallbackUrl = members.One("callbackUrl", JsonAs.Text),
                Domain = members.One("domain", JsonAs.Text),
                EventType = members.One("eventType", EventType.Read),
                Headers = members.One("headers", JsonAs.Secrets),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("bearerToken", BearerToken, JsonOf.Secret);
            members.Put("callbackUrl", CallbackUrl, JsonOf.Text);
            members.Put("domain", Domain, JsonOf.Text);
            members.Put("eventType", EventType, JsonOf.Word);
            members.Put("headers", Headers, JsonOf.Secrets);
        }
    }

    /// <summary><c>CardItem</c> of the API.</summary>
    public sealed class Card : DaxObject
    {
        /// <summary><c>appearanceCode</c>.</summary>
        [AllowNull, MaybeNull]
        public string AppearanceCode { get; set; }

        /// <summary><c>archivedAt</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime ArchivedAt { get; set; }

        /// <summary><c>cardId</c>.</summary>
        public Guid CardId { get; set; }

        /// <summary><c>classification</c>.</summary>
        [AllowNull, MaybeNull]
        public Classification Classification { get; set; }

        /// <summary><c>codes</c>: Only with `expand` "codes".</summary>
        [AllowNull]
        public IReadOnlyList<CardNumber> Codes { get; set; }

        /// <summary><c>createTime</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime CreateTime { get; set; }

        /// <summary><c>disabled</c>.</summary>
        public bool? Disabled { get; set; }

        /// <summary><c>name</c>.</summary>
        [AllowNull, MaybeNull]
        public string Name { get; set; }

        /// <summary><c>owner</c>.</summary>
        [AllowNull, MaybeNull]
        public CardOwner Owner { get; set; }

        /// <summary><c>pinCode</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxSecret PinCode { get; set; }

        /// <summary><c>startTime</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime StartTime { get; set; }

        /// <summary><c>state</c>.</summary>
        [AllowNull, MaybeNull]
        public State State { get; set; }

        /// <summary><c>stopTime</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime StopTime { get; set; }

        internal static Card Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new Card
            {
                AppearanceCode = members.One("appearanceCode", JsonAs.Text),
                ArchivedAt = members.One("archivedAt", JsonAs.LocalTime),
                CardId = members.Need("cardId", JsonAs.Guid),
                Classification = members.One("classification", Classification.Read),
                Codes = members.List("codes", CardNumber.Read),
                CreateTime = members.One("createTime", JsonAs.LocalTime),
                Disabled = members.Maybe("disabled", JsonAs.Bool),
                Name = members.One("name", JsonAs.Text),
                Owner = members.One("owner", CardOwner.Read),
                PinCode = members.One("pinCode", JsonAs.Secret),
                StartTime = members.One("startTime", JsonAs.LocalTime),
                State = members.One("state", State.Read),
                StopTime = members.One("stopTime", JsonAs.LocalTime),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("appearanceCode", AppearanceCode, JsonOf.Text);
            members.Put("archivedAt", ArchivedAt, JsonOf.LocalTime);
            members.Add("cardId", JsonOf.Guid(CardId));
            members.Put("classification", Classification, JsonOf.Word);
            members.PutList("codes", Codes, JsonOf.Object);
            members.Put("createTime", CreateTime, JsonOf.LocalTime);
            members.PutMaybe("disabled", Disabled, JsonOf.Bool);
            members.Put("name", Name, JsonOf.Text);
            members.Put("owner", Owner, JsonOf.Object);
            members.Put("pinCode", PinCode, JsonOf.Secret);
            members.Put("startTime", StartTime, JsonOf.LocalTime);
            members.Put("state", State, JsonOf.Word);
            members.Put("stopTime", StopTime, JsonOf.LocalTime);
        }
    }

    /// <summary><c>CardNumberItem</c> of the API.</summary>
    public sealed class CardNumber : DaxObject
    {
        /// <summary><c>format</c>.</summary>
        [AllowNull, MaybeNull]
        public string Format { get; set; }

        /// <summary><c>number</c>.</summary>
        [AllowNull, MaybeNull]
        public string Number { get; set; }

        internal static CardNumber Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new CardNumber
            {
                Format = members.One("format", JsonAs.Text),
                Number = members.One("number", JsonAs.Text),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("format", Format, JsonOf.Text);
            members.Put("number", Number, JsonOf.Text);
        }
    }

    /// <summary><c>CardOwnerItem</c> of the API.</summary>
    public sealed class CardOwner : DaxObject
    {
        /// <summary><c>archivedAt</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime ArchivedAt { get; set; }

        /// <summary><c>attributes</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyDictionary<string, string> Attributes { get; set; }

        /// <summary><c>cardOwnerId</c>.</summary>
        public Guid CardOwnerId { get; set; }

        /// <summary><c>cardOwnerType</c>.</summary>
        [AllowNull, MaybeNull]
        public CardOwnerType CardOwnerType { get; set; }

        /// <summary><c>cards</c>: Only with `expand` "cards".</summary>
        [AllowNull]
        public IReadOnlyList<Card> Cards { get; set; }

        /// <summary><c>comment</c>.</summary>
        [AllowNull, MaybeNull]
        public string Comment { get; set; }

        /// <summary><c>createTime</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime CreateTime { get; set; }

        /// <summary><c>disabled</c>.</summary>
        public bool? Disabled { get; set; }

        /// <summary><c>familyName</c>.</summary>
        [AllowNull, MaybeNull]
        public string FamilyName { get; set; }

        /// <summary><c>folderId</c>.</summary>
        public int? FolderId { get; set; }

        /// <summary><c>pinCode</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxSecret PinCode { get; set; }

        /// <summary><c>postBoxNames</c>: Only with `expand` "postbox".</summary>
        [AllowNull]
        public IReadOnlyList<PostBox> PostBoxNames { get; set; }

        /// <summary><c>primaryOrganization</c>.</summary>
        [AllowNull, MaybeNull]
        public Organization PrimaryOrganization { get; set; }

        /// <summary><c>specificName</c>.</summary>
        [AllowNull, MaybeNull]
        public string SpecificName { get; set; }

        /// <summary><c>startTime</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime StartTime { get; set; }

        /// <summary><c>state</c>.</summary>
        [AllowNull, MaybeNull]
        public State State { get; set; }

        /// <summary><c>stopTime</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime StopTime { get; set; }

        internal static CardOwner Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new CardOwner
            {
                ArchivedAt = members.One("archivedAt", JsonAs.LocalTime),
                Attributes = members.One("attributes", JsonAs.Texts),
                CardOwnerId = members.Need("cardOwnerId", JsonAs.Guid),
                CardOwnerType = members.One("cardOwnerType", CardOwnerType.Read),
                Cards = members.List("cards", Card.Read),
                Comment = members.One("comment", JsonAs.Text),
                CreateTime = members.One("createTime", JsonAs.LocalTime),
                Disabled = members.Maybe("disabled", JsonAs.Bool),
                FamilyName = members.One("familyName", JsonAs.Text),
                FolderId = members.Maybe("folderId", JsonAs.Int32),
                PinCode = members.One("pinCode", JsonAs.Secret),
                PostBoxNames = members.List("postBoxNames", PostBox.Read),
                PrimaryOrganization = members.One("primaryOrganization", Organization.Read),
                SpecificName = members.One("specificName", JsonAs.Text),
                StartTime = members.One("startTime", JsonAs.LocalTime),
                State = members.One("state", State.Read),
                StopTime = members.One("stopTime", JsonAs.LocalTime),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("archivedAt", ArchivedAt, JsonOf.LocalTime);
            members.Put("attributes", Attributes, JsonOf.Texts);
            members.Add("cardOwnerId", JsonOf.Guid(CardOwnerId));
            members.Put("cardOwnerType", CardOwnerType, JsonOf.Word);
            members.PutList("cards", Cards, JsonOf.Object);
            members.Put("comment", Comment, JsonOf.Text);
            members.Put("createTime", CreateTime, JsonOf.LocalTime);
            members.PutMaybe("disabled", Disabled, JsonOf.Bool);
            members.Put("familyName", FamilyName, JsonOf.Text);
            members.PutMaybe("folderId", FolderId, JsonOf.Int32);
            members.Put("pinCode", PinCode, JsonOf.Secret);
            members.PutList("postBoxNames", PostBoxNames, JsonOf.Object);
            members.Put("primaryOrganization", PrimaryOrganization, JsonOf.Object);
            members.Put("specificName", SpecificName, JsonOf.Text);
            members.Put("startTime", StartTime, JsonOf.LocalTime);
            members.Put("state", State, JsonOf.Word);
            members.Put("stopTime", StopTime, JsonOf.LocalTime);
        }
    }

    /// <summary><c>CommonCard</c> of the API.</summary>
    public sealed class CommonCard : DaxObject
    {
        /// <summary><c>cardId</c>.</summary>
        [AllowNull, MaybeNull]
        public string CardId { get; set; }

        /// <summary><c>cardName</c>.</summary>
        [AllowNull, MaybeNull]
        public string CardName { get; set; }

        /// <summary><c>cardNumbers</c>.</summary>
        [AllowNull]
        public IReadOnlyList<CommonCardNumber> CardNumbers { get; set; }

        internal static CommonCard Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new CommonCard
            {
                CardId = members.One("cardId", JsonAs.Text),
                CardName = members.One("cardName", JsonAs.Text),
                CardNumbers = members.List("cardNumbers", CommonCardNumber.Read),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("cardId", CardId, JsonOf.Text);
            members.Put("cardName", CardName, JsonOf.Text);
            members.PutList("cardNumbers", CardNumbers, JsonOf.Object);
        }
    }

    /// <summary><c>CommonCardNumber</c> of the API.</summary>
    public sealed class CommonCardNumber : DaxObject
    {
        /// <summary><c>format</c>.</summary>
        [AllowNull, MaybeNull]
        public string Format { get; set; }

        /// <summary><c>number</c>.</summary>
        [AllowNull, MaybeNull]
        public string Number { get; set; }

        internal static CommonCardNumber Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new CommonCardNumber
            {
                Format = members.One("format", JsonAs.Text),
                Number = members.One("number", JsonAs.Text),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("format", Format, JsonOf.Text);
            members.Put("number", Number, JsonOf.Text);
        }
    }

    /// <summary><c>CommonCardOwner</c> of the API.</summary>
    public sealed class CommonCardOwner : DaxObject
    {
        /// <summary><c>cardOwnerId</c>.</summary>
        [AllowNull, MaybeNull]
        public string CardOwnerId { get; set; }

        /// <summary><c>cards</c>.</summary>
        [AllowNull]
        public IReadOnlyList<CommonCard> Cards { get; set; }

        /// <summary><c>familyName</c>.</summary>
        [AllowNull, MaybeNull]
        public string FamilyName { get; set; }

        /// <summary><c>specificName</c>.</summary>
        [AllowNull, MaybeNull]
        public string SpecificName { get; set; }

        internal static CommonCardOwner Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new CommonCardOwner
            {
                CardOwnerId = members.One("cardOwnerId", JsonAs.Text),
                Cards = members.List("cards", CommonCard.Read),
                FamilyName = members.One("familyName", JsonAs.Text),
                SpecificName = members.One("specificName", JsonAs.Text),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("cardOwnerId", CardOwnerId, JsonOf.Text);
            members.PutList("cards", Cards, JsonOf.Object);
            members.Put("familyName", FamilyName, JsonOf.Text);
            members.Put("specificName", SpecificName, JsonOf.Text);
        }
    }

    /// <summary><c>ContractItem</c> of the API.</summary>
    public sealed class Contract : DaxObject
    {
        /// <summary><c>accessControlInstance</c>.</summary>
        [AllowNull, MaybeNull]
        public AccessControlInstance AccessControlInstance { get; set; }

        /// <summary><c>clauses</c>.</summary>
        [AllowNull]
        public IReadOnlyList<ContractClause> Clauses { get; set; }

        /// <summary><c>contractId</c>.</summary>
        public Guid ContractId { get; set; }

        /// <summary><c>createdOn</c>: When the contract was created or offered.</summary>
        [AllowNull, MaybeNull]
        public DaxUtcTime CreatedOn { get; set; }

        /// <summary><c>endsOn</c>: Expiry.</summary>
        [AllowNull, MaybeNull]
        public DaxUtcTime EndsOn { get; set; }

        /// <summary><c>promisee</c>.</summary>
        [AllowNull, MaybeNull]
        public Partner Promisee { get; set; }

        /// <summary><c>promisor</c>.</summary>
        [AllowNull, MaybeNull]
        public Partner Promisor { get; set; }

        /// <summary><c>signedOn</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxUtcTime SignedOn { get; set; }

        /// <summary><c>state</c>.</summary>
        [AllowNull, MaybeNull]
        public string State { get; set; }

        /// <summary><c>tags</c>.</summary>
        [AllowNull]
        public IReadOnlyList<Tag> Tags { get; set; }

        /// <summary><c>validityPeriod</c>.</summary>
        [AllowNull, MaybeNull]
        public TimeSpanItem ValidityPeriod { get; set; }

        internal static Contract Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new Contract
            {
                AccessControlInstance = members.One("accessControlInstance", AccessControlInstance.Read),
                Clauses = members.List("clauses", ContractClause.Read),
                ContractId = members.Need("contractId", JsonAs.Guid),
                CreatedOn = members.One("createdOn", JsonAs.UtcTime),
                EndsOn = members.One("endsOn", JsonAs.UtcTime),
                Promisee = members.One("promisee", Partner.Read),
                Promisor = members.One("promisor", Partner.Read),
                SignedOn = members.One("signedOn", JsonAs.UtcTime),
                State = members.One("state", JsonAs.Text),
                Tags = members.List("tags", Tag.Read),
                ValidityPeriod = members.One("validityPeriod", TimeSpanItem.Read),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("accessControlInstance", AccessControlInstance, JsonOf.Object);
            members.PutList("clauses", Clauses, JsonOf.Object);
            members.Add("contractId", JsonOf.Guid(ContractId));
            members.Put("createdOn", CreatedOn, JsonOf.UtcTime);
            members.Put("endsOn", EndsOn, JsonOf.UtcTime);
            members.Put("promisee", Promisee, JsonOf.Object);
            members.Put("promisor", Promisor, JsonOf.Object);
            members.Put("signedOn", SignedOn, JsonOf.UtcTime);
            members.Put("state", State, JsonOf.Text);
            members.PutList("tags", Tags, JsonOf.Object);
            members.Put("validityPeriod", ValidityPeriod, JsonOf.Object);
        }
    }

    /// <summary><c>ContractClauseItem</c> of the API.</summary>
    public sealed class ContractClause : DaxObject
    {
        /// <summary><c>clause</c>.</summary>
        [AllowNull, MaybeNull]
        public string Clause { get; set; }

        /// <summary><c>property</c>.</summary>
        [AllowNull, MaybeNull]
        public string Property { get; set; }

        /// <summary><c>value</c>.</summary>
        [AllowNull, MaybeNull]
        public string Value { get; set; }

        internal static ContractClause Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new ContractClause
            {
                Clause = members.One("clause", JsonAs.Text),
                Property = members.One("property", JsonAs.Text),
                Value = members.One("value", JsonAs.Text),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("clause", Clause, JsonOf.Text);
            members.Put("property", Property, JsonOf.Text);
            members.Put("value", Value, JsonOf.Text);
        }
    }

    /// <summary><c>CreateCardItem</c> of the API.</summary>
    public sealed class CreateCardItem : DaxObject
    {
        /// <summary><c>appearanceCode</c>.</summary>
        [AllowNull, MaybeNull]
        public string AppearanceCode { get; set; }

        /// <summary><c>classification</c>.</summary>
        [AllowNull, MaybeNull]
        public Classification Classification { get; set; }

        /// <summary><c>codes</c>.</summary>
        [AllowNull]
        public IReadOnlyList<CardNumber> Codes { get; set; }

        /// <summary><c>name</c>.</summary>
        [AllowNull, MaybeNull]
        public string Name { get; set; }

        /// <summary><c>ownerId</c>: May be left out, though not nullable.</summary>
        public Guid? OwnerId { get; set; }

        internal static CreateCardItem Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new CreateCardItem
            {
                AppearanceCode = members.One("appearanceCode", JsonAs.Text),
                Classification = members.One("classification", Classification.Read),
                Codes = members.List("codes", CardNumber.Read),
                Name = members.One("name", JsonAs.Text),
                OwnerId = members.Maybe("ownerId", JsonAs.Guid),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("appearanceCode", AppearanceCode, JsonOf.Text);
            members.Put("classification", Classification, JsonOf.Word);
            members.PutList("codes", Codes, JsonOf.Object);
            members.Put("name", Name, JsonOf.Text);
            members.PutMaybe("ownerId", OwnerId, JsonOf.Guid);
        }
    }

    /// <summary><c>DeliveryRecipientItem</c> of the API.</summary>
    public sealed class DeliveryRecipient : DaxObject
    {
        /// <summary><c>emailAddress</c>.</summary>
        [AllowNull, MaybeNull]
        public string EmailAddress { get; set; }

        /// <summary><c>mobilePhone</c>.</summary>
        [AllowNull, MaybeNull]
        public string MobilePhone { get; set; }

        /// <summary><c>name</c>.</summary>
        [AllowNull, MaybeNull]
        public string Name { get; set; }

        internal static DeliveryRecipient Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new DeliveryRecipient
            {
                EmailAddress = members.One("emailAddress", JsonAs.Text),
                MobilePhone = members.One("mobilePhone", JsonAs.Text),
                Name = members.One("name", JsonAs.Text),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("emailAddress", EmailAddress, JsonOf.Text);
            members.Put("mobilePhone", MobilePhone, JsonOf.Text);
            members.Put("name", Name, JsonOf.Text);
        }
    }

    /// <summary><c>DoorItem</c> of the API.</summary>
    public sealed class Door : DaxObject
    {
        /// <summary><c>displayName</c>.</summary>
        [AllowNull, MaybeNull]
        public string DisplayName { get; set; }

        /// <summary><c>doorId</c>.</summary>
        public Guid DoorId { get; set; }

        /// <summary><c>latitude</c>: Unused at present.</summary>
        public double? Latitude { get; set; }

        /// <summary><c>longitude</c>: Unused at present.</summary>
        public double? Longitude { get; set; }

        /// <summary><c>name</c>.</summary>
        [AllowNull, MaybeNull]
        public string Name { get; set; }

        internal static Door Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new Door
            {
                DisplayName = members.One("displayName", JsonAs.Text),
                DoorId = members.Need("doorId", JsonAs.Guid),
                Latitude = members.Maybe("latitude", JsonAs.Number),
                Longitude = members.Maybe("longitude", JsonAs.Number),
                Name = members.One("name", JsonAs.Text),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("displayName", DisplayName, JsonOf.Text);
            members.Add("doorId", JsonOf.Guid(DoorId));
            members.PutMaybe("latitude", Latitude, JsonOf.Number);
            members.PutMaybe("longitude", Longitude, JsonOf.Number);
            members.Put("name", Name, JsonOf.Text);
        }
    }

    /// <summary><c>FolderItem</c> of the API.</summary>
    public sealed class Folder : DaxObject
    {
        /// <summary><c>description</c>.</summary>
        [AllowNull, MaybeNull]
        public string Description { get; set; }

        /// <summary><c>folderId</c>.</summary>
        public int? FolderId { get; set; }

        /// <summary><c>name</c>.</summary>
        [AllowNull, MaybeNull]
        public string Name { get; set; }

        /// <summary><c>parentFolderId</c>.</summary>
        public int? ParentFolderId { get; set; }

        /// <summary><c>path</c>: Computed by the server.</summary>
        [AllowNull, MaybeNull]
        public string Path { get; set; }

        internal static Folder Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new Folder
            {
                Description = members.One("description", JsonAs.Text),
                FolderId = members.Maybe("folderId", JsonAs.Int32),
                Name = members.One("name", JsonAs.Text),
                ParentFolderId = members.Maybe("parentFolderId", JsonAs.Int32),
                Path = members.One("path", JsonAs.Text),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("description", Description, JsonOf.Text);
            members.PutMaybe("folderId", FolderId, JsonOf.Int32);
            members.Put("name", Name, JsonOf.Text);
            members.PutMaybe("parentFolderId", ParentFolderId, JsonOf.Int32);
            members.Put("path", Path, JsonOf.Text);
        }
    }

    /// <summary><c>GrantItem</c> of the API.</summary>
    public sealed class Grant : DaxObject
    {
        /// <summary><c>accessGroupId</c>.</summary>
        public Guid AccessGroupId { get; set; }

        /// <summary><c>cardClassification</c>.</summary>
        [AllowNull, MaybeNull]
        public string CardClassification { get; set; }

        /// <summary><c>cardId</c>.</summary>
        public Guid? CardId { get; set; }

        /// <summary><c>cardOwnerId</c>.</summary>
        public Guid CardOwnerId { get; set; }

        /// <summary><c>disabled</c>.</summary>
        public bool? Disabled { get; set; }

        /// <summary><c>grantId</c>.</summary>
        public Guid GrantId { get; set; }

        /// <summary><c>revokeTime</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime RevokeTime { get; set; }

        /// <summary><c>revoked</c>.</summary>
        public bool? Revoked { get; set; }

        /// <summary><c>startTime</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime StartTime { get; set; }

        /// <summary><c>stopTime</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime StopTime { get; set; }

        internal static Grant Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new Grant
            {
                AccessGroupId = members.Need("accessGroupId", JsonAs.Guid),
                CardClassification = members.One("cardClassification", JsonAs.Text),
                CardId = members.Maybe("cardId", JsonAs.Guid),
                CardOwnerId = members.Need("cardOwnerId", JsonAs.Guid),
                Disabled = members.Maybe("disabled", JsonAs.Bool),
                GrantId = members.Need("grantId", JsonAs.Guid),
                RevokeTime = members.One("revokeTime", JsonAs.LocalTime),
                Revoked = members.Maybe("revoked", JsonAs.Bool),
                StartTime = members.One("startTime", JsonAs.LocalTime),
                StopTime = members.One("stopTime", JsonAs.LocalTime),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Add("accessGroupId", JsonOf.Guid(AccessGroupId));
            members.Put("cardClassification", CardClassification, JsonOf.Text);
            members.PutMaybe("cardId", CardId, JsonOf.Guid);
            members.Add("cardOwnerId", JsonOf.Guid(CardOwnerId));
            members.PutMaybe("disabled", Disabled, JsonOf.Bool);
            members.Add("grantId", JsonOf.Guid(GrantId));
            members.Put("revokeTime", RevokeTime, JsonOf.LocalTime);
            members.PutMaybe("revoked", Revoked, JsonOf.Bool);
            members.Put("startTime", StartTime, JsonOf.LocalTime);
            members.Put("stopTime", StopTime, JsonOf.LocalTime);
        }
    }

    /// <summary><c>LogItem</c> of the API.</summary>
    public sealed class Log : DaxObject
    {
        /// <summary><c>actor</c>.</summary>
        [AllowNull, MaybeNull]
        public Participant Actor { get; set; }

        /// <summary><c>affected</c>.</summary>
        [AllowNull, MaybeNull]
        public Participant Affected { get; set; }

        /// <summary><c>eventCode</c>.</summary>
        public int? EventCode { get; set; }

        /// <summary><c>eventName</c>.</summary>
        [AllowNull, MaybeNull]
        public string EventName { get; set; }

        /// <summary><c>originSystem</c>.</summary>
        [AllowNull, MaybeNull]
        public Participant OriginSystem { get; set; }

        /// <summary><c>text1</c>.</summary>
        [AllowNull, MaybeNull]
        public string Text1 { get; set; }

        /// <summary><c>text2</c>.</summary>
        [AllowNull, MaybeNull]
        public string Text2 { get; set; }

        /// <summary><c>timestamp</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxLocalTime Timestamp { get; set; }

        internal static Log Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new Log
            {
                Actor = members.One("actor", Participant.Read),
                Affected = members.One("affected", Participant.Read),
                EventCode = members.Maybe("eventCode", JsonAs.Int32),
                EventName = members.One("eventName", JsonAs.Text),
                OriginSystem = members.One("originSystem", Participant.Read),
                Text1 = members.One("text1", JsonAs.Text),
                Text2 = members.One("text2", JsonAs.Text),
                Timestamp = members.One("timestamp", JsonAs.LocalTime),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("actor", Actor, JsonOf.Object);
            members.Put("affected", Affected, JsonOf.Object);
            members.PutMaybe("eventCode", EventCode, JsonOf.Int32);
            members.Put("eventName", EventName, JsonOf.Text);
            members.Put("originSystem", OriginSystem, JsonOf.Object);
            members.Put("text1", Text1, JsonOf.Text);
            members.Put("text2", Text2, JsonOf.Text);
            members.Put("timestamp", Timestamp, JsonOf.LocalTime);
        }
    }

    /// <summary><c>ObtainAccessGroupItem</c> of the API.</summary>
    public sealed class ObtainAccessGroup : DaxObject
    {
        /// <summary><c>accessControlSystem</c>.</summary>
        [AllowNull, MaybeNull]
        public string AccessControlSystem { get; set; }

        /// <summary><c>latitude</c>.</summary>
        public double? Latitude { get; set; }

        /// <summary><c>longitude</c>.</summary>
        public double? Longitude { get; set; }

        /// <summary><c>receivingAccessControlInstanceId</c>: The instance that owns the group.</summary>
        public Guid ReceivingAccessControlInstanceId { get; set; }

        /// <summary><c>receivingPartnerId</c>: The partner that owns the group.</summary>
        public Guid ReceivingPartnerId { get; set; }

        /// <summary><c>remoteAccessGroupId</c>.</summary>
        [AllowNull, MaybeNull]
        public string RemoteAccessGroupId { get; set; }

        /// <summary><c>remoteName</c>.</summary>
        [AllowNull, MaybeNull]
        public string RemoteName { get; set; }

        internal static ObtainAccessGroup Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new ObtainAccessGroup
            {
                AccessControlSystem = members.One("accessControlSystem", JsonAs.Text),
                Latitude = members.Maybe("latitude", JsonAs.Number),
                Longitude = members.Maybe("longitude", JsonAs.Number),
                ReceivingAccessControlInstanceId = members.Need("receivingAccessControlInstanceId", JsonAs.Guid),
                ReceivingPartnerId = members.Need("receivingPartnerId", JsonAs.Guid),
                RemoteAccessGroupId = members.One("remoteAccessGroupId", JsonAs.Text),
                RemoteName = members.One("remoteName", JsonAs.Text),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("accessControlSystem", AccessControlSystem, JsonOf.Text);
            members.PutMaybe("latitude", Latitude, JsonOf.Number);
            members.PutMaybe("longitude", Longitude, JsonOf.Number);
            members.Add("receivingAccessControlInstanceId", JsonOf.Guid(ReceivingAccessControlInstanceId));
            members.Add("receivingPartnerId", JsonOf.Guid(ReceivingPartnerId));
            members.Put("remoteAccessGroupId", RemoteAccessGroupId, JsonOf.Text);
            members.Put("remoteName", RemoteName, JsonOf.Text);
        }
    }

    /// <summary><c>OrganizationItem</c> of the API.</summary>
    public sealed class Organization : DaxObject
    {
        /// <summary><c>comment</c>.</summary>
        [AllowNull, MaybeNull]
        public string Comment { get; set; }

        /// <summary><c>folderId</c>.</summary>
        public int? FolderId { get; set; }

        /// <summary><c>id</c>.</summary>
        public Guid Id { get; set; }

        /// <summary><c>name</c>.</summary>
        [AllowNull, MaybeNull]
        public string Name { get; set; }

        internal static Organization Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new Organization
            {
                Comment = members.One("comment", JsonAs.Text),
                FolderId = members.Maybe("folderId", JsonAs.Int32),
                Id = members.Need("id", JsonAs.Guid),
                Name = members.One("name", JsonAs.Text),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("comment", Comment, JsonOf.Text);
            members.PutMaybe("folderId", FolderId, JsonOf.Int32);
            members.Add("id", JsonOf.Guid(Id));
            members.Put("name", Name, JsonOf.Text);
        }
    }

    /// <summary><c>PackageBoxItem</c> of the API.</summary>
    public sealed class PackageBox : DaxObject
    {
        /// <summary><c>address</c>.</summary>
        [AllowNull, MaybeNull]
        public string Address { get; set; }

        /// <summary><c>boxSizes</c>.</summary>
        [AllowNull]
        public IReadOnlyList<int> BoxSizes { get; set; }

        /// <summary><c>boxes</c>.</summary>
        [AllowNull]
        public IReadOnlyList<BoxItem> Boxes { get; set; }

        /// <summary><c>brand</c>.</summary>
        [AllowNull, MaybeNull]
        public string Brand { get; set; }

        /// <summary><c>city</c>.</summary>
        [AllowNull, MaybeNull]
        public string City { get; set; }

        /// <summary><c>country</c>.</summary>
        [AllowNull, MaybeNull]
        public string Country { get; set; }

        /// <summary><c>latitude</c>.</summary>
        public double? Latitude { get; set; }

        /// <summary><c>longitude</c>.</summary>
        public double? Longitude { get; set; }

        /// <summary><c>numberOfBoxes</c>.</summary>
        public int? NumberOfBoxes { get; set; }

        /// <summary><c>packageBoxId</c>.</summary>
        public Guid PackageBoxId { get; set; }

        /// <summary><c>placement</c>.</summary>
        [AllowNull, MaybeNull]
        public Placement Placement { get; set; }

        /// <summary><c>zipCode</c>.</summary>
        [AllowNull, MaybeNull]
        public string ZipCode { get; set; }

        internal static PackageBox Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new PackageBox
            {
                Address = members.One("address", JsonAs.Text),
                BoxSizes = members.List("boxSizes", JsonAs.Int32),
                Boxes = members.List("boxes", BoxItem.Read),
                Brand = members.One("brand", JsonAs.Text),
                City = members.One("city", JsonAs.Text),
                Country = members.One("country", JsonAs.Text),
                Latitude = members.Maybe("latitude", JsonAs.Number),
                Longitude = members.Maybe("longitude", JsonAs.Number),
                NumberOfBoxes = members.Maybe("numberOfBoxes", JsonAs.Int32),
                PackageBoxId = members.Need("packageBoxId", JsonAs.Guid),
                Placement = members.One("placement", Placement.Read),
                ZipCode = members.One("zipCode", JsonAs.Text),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("address", Address, JsonOf.Text);
            members.PutList("boxSizes", BoxSizes, JsonOf.Int32);
            members.PutList("boxes", Boxes, JsonOf.Object);
            members.Put("brand", Brand, JsonOf.Text);
            members.Put("city", City, JsonOf.Text);
            members.Put("country", Country, JsonOf.Text);
            members.PutMaybe("latitude", Latitude, JsonOf.Number);
            members.PutMaybe("longitude", Longitude, JsonOf.Number);
            members.PutMaybe("numberOfBoxes", NumberOfBoxes, JsonOf.Int32);
            members.Add("packageBoxId", JsonOf.Guid(PackageBoxId));
            members.Put("placement", Placement, JsonOf.Word);
            members.Put("zipCode", ZipCode, JsonOf.Text);
        }
    }

    /// <summary><c>ParticipantItem</c> of the API.</summary>
    public sealed class Participant : DaxObject
    {
        /// <summary><c>cardOwnerId</c>.</summary>
        public Guid? CardOwnerId { get; set; }

        /// <summary><c>name</c>.</summary>
        [AllowNull, MaybeNull]
        public string Name { get; set; }

        /// <summary><c>participantId</c>.</summary>
        public int? ParticipantId { get; set; }

        /// <summary><c>role</c>.</summary>
        [AllowNull, MaybeNull]
        public string Role { get; set; }

        /// <summary><c>species</c>.</summary>
        [AllowNull, MaybeNull]
        public string Species { get; set; }

        internal static Participant Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new Participant
            {
                CardOwnerId = members.Maybe("cardOwnerId", JsonAs.Guid),
                Name = members.One("name", JsonAs.Text),
                ParticipantId = members.Maybe("participantId", JsonAs.Int32),
                Role = members.One("role", JsonAs.Text),
                Species = members.One("species", JsonAs.Text),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.PutMaybe("cardOwnerId", CardOwnerId, JsonOf.Guid);
            members.Put("name", Name, JsonOf.Text);
            members.PutMaybe("participantId", ParticipantId, JsonOf.Int32);
            members.Put("role", Role, JsonOf.Text);
            members.Put("species", Species, JsonOf.Text);
        }
    }

    /// <summary><c>PartnerItem</c> of the API.</summary>
    public sealed class Partner : DaxObject
    {
        /// <summary><c>name</c>.</summary>
        [AllowNull, MaybeNull]
        public string Name { get; set; }

        /// <summary><c>partnerId</c>.</summary>
        public Guid PartnerId { get; set; }

        internal static Partner Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new Partner
            {
                Name = members.One("name", JsonAs.Text),
                PartnerId = members.Need("partnerId", JsonAs.Guid),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("name", Name, JsonOf.Text);
            members.Add("partnerId", JsonOf.Guid(PartnerId));
        }
    }

    /// <summary><c>PostBoxItem</c> of the API.</summary>
    public sealed class PostBox : DaxObject
    {
        /// <summary><c>priority</c>: A lower number ranks higher.</summary>
        public int? Priority { get; set; }

        /// <summary><c>text</c>.</summary>
        [AllowNull, MaybeNull]
        public string Text { get; set; }

        internal static PostBox Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new PostBox
            {
                Priority = members.Maybe("priority", JsonAs.Int32),
                Text = members.One("text", JsonAs.Text),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.PutMaybe("priority", Priority, JsonOf.Int32);
            members.Put("text", Text, JsonOf.Text);
        }
    }

    /// <summary><c>RenzCardOwnerItem</c> of the API.</summary>
    public sealed class RenzCardOwner : DaxObject
    {
        /// <summary><c>address</c>.</summary>
        [AllowNull, MaybeNull]
        public string Address { get; set; }

        /// <summary><c>cardOwnerId</c>.</summary>
        public Guid CardOwnerId { get; set; }

        /// <summary><c>email</c>.</summary>
        [AllowNull, MaybeNull]
        public string Email { get; set; }

        /// <summary><c>familyName</c>.</summary>
        [AllowNull, MaybeNull]
        public string FamilyName { get; set; }

        /// <summary><c>mobilePhone</c>.</summary>
        [AllowNull, MaybeNull]
        public string MobilePhone { get; set; }

        /// <summary><c>name</c>.</summary>
        [AllowNull, MaybeNull]
        public string Name { get; set; }

        /// <summary><c>recipients</c>.</summary>
        [AllowNull]
        public IReadOnlyList<RenzRecipient> Recipients { get; set; }

        internal static RenzCardOwner Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new RenzCardOwner
            {
                Address = members.One("address", JsonAs.Text),
                CardOwnerId = members.Need("cardOwnerId", JsonAs.Guid),
                Email = members.One("email", JsonAs.Text),
                FamilyName = members.One("familyName", JsonAs.Text),
                MobilePhone = members.One("mobilePhone", JsonAs.Text),
                Name = members.One("name", JsonAs.Text),
                Recipients = members.List("recipients", RenzRecipient.Read),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("address", Address, JsonOf.Text);
            members.Add("cardOwnerId", JsonOf.Guid(CardOwnerId));
            members.Put("email", Email, JsonOf.Text);
            members.Put("familyName", FamilyName, JsonOf.Text);
            members.Put("mobilePhone", MobilePhone, JsonOf.Text);
            members.Put("name", Name, JsonOf.Text);
            members.PutList("recipients", Recipients, JsonOf.Object);
        }
    }

    /// <summary><c>RenzRecipientItem</c> of the API.</summary>
    public sealed class RenzRecipient : DaxObject
    {
        /// <summary><c>displayName</c>.</summary>
        [AllowNull, MaybeNull]
        public string DisplayName { get; set; }

        /// <summary><c>mobilePhone</c>.</summary>
        [AllowNull, MaybeNull]
        public string MobilePhone { get; set; }

        /// <summary><c>recipientId</c>.</summary>
        public int? RecipientId { get; set; }

        /// <summary><c>systemId</c>.</summary>
        public int? SystemId { get; set; }

        internal static RenzRecipient Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new RenzRecipient
            {
                DisplayName = members.One("displayName", JsonAs.Text),
                MobilePhone = members.One("mobilePhone", JsonAs.Text),
                RecipientId = members.Maybe("recipientId", JsonAs.Int32),
                SystemId = members.Maybe("systemId", JsonAs.Int32),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("displayName", DisplayName, JsonOf.Text);
            members.Put("mobilePhone", MobilePhone, JsonOf.Text);
            members.PutMaybe("recipientId", RecipientId, JsonOf.Int32);
            members.PutMaybe("systemId", SystemId, JsonOf.Int32);
        }
    }

    /// <summary><c>TagItem</c> of the API.</summary>
    public sealed class Tag : DaxObject
    {
        /// <summary><c>value</c>.</summary>
        [AllowNull, MaybeNull]
        public string Value { get; set; }

        internal static Tag Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new Tag
            {
                Value = members.One("value", JsonAs.Text),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("value", Value, JsonOf.Text);
        }
    }

    /// <summary><c>TimeSpan</c> of the API.</summary>
    public sealed class TimeSpanItem : DaxObject
    {
        /// <summary><c>days</c>.</summary>
        public int? Days { get; set; }

        /// <summary><c>hours</c>.</summary>
        public int? Hours { get; set; }

        /// <summary><c>milliseconds</c>.</summary>
        public int? Milliseconds { get; set; }

        /// <summary><c>minutes</c>.</summary>
        public int? Minutes { get; set; }

        /// <summary><c>seconds</c>.</summary>
        public int? Seconds { get; set; }

        /// <summary><c>ticks</c>.</summary>
        public long? Ticks { get; set; }

        /// <summary><c>totalDays</c>.</summary>
        public double? TotalDays { get; set; }

        /// <summary><c>totalHours</c>.</summary>
        public double? TotalHours { get; set; }

        /// <summary><c>totalMilliseconds</c>.</summary>
        public double? TotalMilliseconds { get; set; }

        /// <summary><c>totalMinutes</c>.</summary>
        public double? TotalMinutes { get; set; }

        /// <summary><c>totalSeconds</c>.</summary>
        public double? TotalSeconds { get; set; }

        internal static TimeSpanItem Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new TimeSpanItem
            {
                Days = members.Maybe("days", JsonAs.Int32),
                Hours = members.Maybe("hours", JsonAs.Int32),
                Milliseconds = members.Maybe("milliseconds", JsonAs.Int32),
                Minutes = members.Maybe("minutes", JsonAs.Int32),
                Seconds = members.Maybe("seconds", JsonAs.Int32),
                Ticks = members.Maybe("ticks", JsonAs.Int64),
                TotalDays = members.Maybe("totalDays", JsonAs.Number),
                TotalHours = members.Maybe("totalHours", JsonAs.Number),
                TotalMilliseconds = members.Maybe("totalMilliseconds", JsonAs.Number),
                TotalMinutes = members.Maybe("totalMinutes", JsonAs.Number),
                TotalSeconds = members.Maybe("totalSeconds", JsonAs.Number),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.PutMaybe("days", Days, JsonOf.Int32);
            members.PutMaybe("hours", Hours, JsonOf.Int32);
            members.PutMaybe("milliseconds", Milliseconds, JsonOf.Int32);
            members.PutMaybe("minutes", Minutes, JsonOf.Int32);
            members.PutMaybe("seconds", Seconds, JsonOf.Int32);
            members.PutMaybe("ticks", Ticks, JsonOf.Int64);
            members.PutMaybe("totalDays", TotalDays, JsonOf.Number);
            members.PutMaybe("totalHours", TotalHours, JsonOf.Number);
            members.PutMaybe("totalMilliseconds", TotalMilliseconds, JsonOf.Number);
            members.PutMaybe("totalMinutes", TotalMinutes, JsonOf.Number);
            members.PutMaybe("totalSeconds", TotalSeconds, JsonOf.Number);
        }
    }

    /// <summary>What <c>get_folder</c> returns.</summary>
    public sealed class GetFolderAnswer : DaxObject
    {
        /// <summary><c>childFolders</c>.</summary>
        [AllowNull]
        public IReadOnlyList<Folder> ChildFolders { get; set; }

        /// <summary><c>folder</c>.</summary>
        [AllowNull, MaybeNull]
        public Folder Folder { get; set; }

        internal static GetFolderAnswer Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new GetFolderAnswer
            {
                ChildFolders = members.List("childFolders", Folder.Read),
                Folder = members.One("folder", Folder.Read),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.PutList("childFolders", ChildFolders, JsonOf.Object);
            members.Put("folder", Folder, JsonOf.Object);
        }
    }

    /// <summary>What <c>get_recipient_capabilities</c> returns.</summary>
    public sealed class GetRecipientCapabilitiesAnswer : DaxObject
    {
        /// <summary><c>address</c>.</summary>
        [AllowNull, MaybeNull]
        public string Address { get; set; }

        /// <summary><c>capabilities</c>.</summary>
        [AllowNull]
        public IReadOnlyList<int> Capabilities { get; set; }

        /// <summary><c>city</c>.</summary>
        [AllowNull, MaybeNull]
        public string City { get; set; }

        /// <summary><c>zipCode</c>.</summary>
        [AllowNull, MaybeNull]
        public string ZipCode { get; set; }

        internal static GetRecipientCapabilitiesAnswer Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new GetRecipientCapabilitiesAnswer
            {
                Address = members.One("address", JsonAs.Text),
                Capabilities = members.List("capabilities", JsonAs.Int32),
                City = members.One("city", JsonAs.Text),
                ZipCode = members.One("zipCode", JsonAs.Text),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("address", Address, JsonOf.Text);
            members.PutList("capabilities", Capabilities, JsonOf.Int32);
            members.Put("city", City, JsonOf.Text);
            members.Put("zipCode", ZipCode, JsonOf.Text);
        }
    }

    /// <summary>What <c>reserve_package_box</c> returns.</summary>
    public sealed class ReservePackageBoxAnswer : DaxObject
    {
        /// <summary><c>box</c>.</summary>
        [AllowNull, MaybeNull]
        public BoxItem Box { get; set; }

        /// <summary><c>reservationId</c>.</summary>
        public Guid? ReservationId { get; set; }

        internal static ReservePackageBoxAnswer Read(DaxJson json)
        {
            JsonMembers members = JsonAs.Object(json);
            return new ReservePackageBoxAnswer
            {
                Box = members.One("box", BoxItem.Read),
                ReservationId = members.Maybe("reservationId", JsonAs.Guid),
                Unknown = members.Rest(),
            };
        }

        internal override void Write(JsonMembers members)
        {
            members.Put("box", Box, JsonOf.Object);
            members.PutMaybe("reservationId", ReservationId, JsonOf.Guid);
        }
    }

    /// <summary>Known values, and any other.</summary>
    public sealed class CardOwnerType : DaxWord
    {
        /// <summary><c>Person</c>.</summary>
        public static readonly CardOwnerType Person = new CardOwnerType("Person");

        /// <summary><c>Apartment</c>.</summary>
        public static readonly CardOwnerType Apartment = new CardOwnerType("Apartment");

        /// <summary>Any value.</summary>
        /// <param name="text">As the API writes it.</param>
        public CardOwnerType(string text)
            : base(text)
        {
        }

        internal static CardOwnerType Read(DaxJson json)
        {
            return new CardOwnerType(JsonAs.Text(json));
        }
    }

    /// <summary>Known values, and any other.</summary>
    public sealed class Classification : DaxWord
    {
        /// <summary><c>regular</c>.</summary>
        public static readonly Classification Regular = new Classification("regular");

        /// <summary><c>restricted</c>.</summary>
        public static readonly Classification Restricted = new Classification("restricted");

        /// <summary>Any value.</summary>
        /// <param name="text">As the API writes it.</param>
        public Classification(string text)
            : base(text)
        {
        }

        internal static Classification Read(DaxJson json)
        {
            return new Classification(JsonAs.Text(json));
        }
    }

    /// <summary>Known values, and any other.</summary>
    public sealed class EventType : DaxWord
    {
        /// <summary><c>Pickup</c>.</summary>
        public static readonly EventType Pickup = new EventType("Pickup");

        /// <summary><c>Created</c>.</summary>
        public static readonly EventType Created = new EventType("Created");

        /// <summary>Any value.</summary>
        /// <param name="text">As the API writes it.</param>
        public EventType(string text)
            : base(text)
        {
        }

        internal static EventType Read(DaxJson json)
        {
            return new EventType(JsonAs.Text(json));
        }
    }

    /// <summary>Known values, and any other.</summary>
    public sealed class ExpandCard : DaxWord
    {
        /// <summary><c>codes</c>.</summary>
        public static readonly ExpandCard Codes = new ExpandCard("codes");

        /// <summary>Any value.</summary>
        /// <param name="text">As the API writes it.</param>
        public ExpandCard(string text)
            : base(text)
        {
        }

        internal static ExpandCard Read(DaxJson json)
        {
            return new ExpandCard(JsonAs.Text(json));
        }
    }

    /// <summary>Known values, and any other.</summary>
    public sealed class ExpandOwner : DaxWord
    {
        /// <summary><c>cards</c>.</summary>
        public static readonly ExpandOwner Cards = new ExpandOwner("cards");

        /// <summary><c>postbox</c>.</summary>
        public static readonly ExpandOwner Postbox = new ExpandOwner("postbox");

        /// <summary>Any value.</summary>
        /// <param name="text">As the API writes it.</param>
        public ExpandOwner(string text)
            : base(text)
        {
        }

        internal static ExpandOwner Read(DaxJson json)
        {
            return new ExpandOwner(JsonAs.Text(json));
        }
    }

    /// <summary>Known values, and any other.</summary>
    public sealed class Placement : DaxWord
    {
        /// <summary><c>Inside</c>.</summary>
        public static readonly Placement Inside = new Placement("Inside");

        /// <summary><c>Outside</c>.</summary>
        public static readonly Placement Outside = new Placement("Outside");

        /// <summary>Any value.</summary>
        /// <param name="text">As the API writes it.</param>
        public Placement(string text)
            : base(text)
        {
        }

        internal static Placement Read(DaxJson json)
        {
            return new Placement(JsonAs.Text(json));
        }
    }

    /// <summary>Known values, and any other.</summary>
    public sealed class State : DaxWord
    {
        /// <summary><c>Active</c>.</summary>
        public static readonly State Active = new State("Active");

        /// <summary><c>Archived</c>.</summary>
        public static readonly State Archived = new State("Archived");

        /// <summary>Any value.</summary>
        /// <param name="text">As the API writes it.</param>
        public State(string text)
            : base(text)
        {
        }

        internal static State Read(DaxJson json)
        {
            return new State(JsonAs.Text(json));
        }
    }
}
