// Made from api/dax-api.json by `cargo run -p daxsign-tests --bin dax_api`: change it there.
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Daxsign.Api
{
    /// <summary>What <c>update_access_grant</c> can change.</summary>
    public sealed class GrantPatch : DaxPatch<GrantPatch>
    {
        private static readonly string[] All =
            {
                "/DISABLED",
                "/STARTTIME",
                "/STOPTIME",
            };

        /// <inheritdoc/>
        public override IReadOnlyList<string> Paths
        {
            get { return All; }
        }

        /// <summary>Replaces <c>/DISABLED</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public GrantPatch Disabled(bool value)
        {
            return Replace("/DISABLED", JsonOf.Bool(value));
        }

        /// <summary>Replaces <c>/STARTTIME</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public GrantPatch StartTime(DaxLocalTime value)
        {
            return Replace("/STARTTIME", JsonOf.LocalTime(value));
        }

        /// <summary>Replaces <c>/STOPTIME</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public GrantPatch StopTime(DaxLocalTime value)
        {
            return Replace("/STOPTIME", JsonOf.LocalTime(value));
        }
    }

    /// <summary>What <c>update_card</c> can change.</summary>
    public sealed class CardPatch : DaxPatch<CardPatch>
    {
        private static readonly string[] All =
            {
                "/NAME",
                "/CLASSIFICATION",
                "/PINCODE",
                "/STARTTIME",
                "/STOPTIME",
                "/DISABLED",
                "/ARCHIVED",
            };

        /// <inheritdoc/>
        public override IReadOnlyList<string> Paths
        {
            get { return All; }
        }

        /// <summary>Replaces <c>/NAME</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public CardPatch Name(string value)
        {
            return Replace("/NAME", JsonOf.Text(value));
        }

        /// <summary>Replaces <c>/CLASSIFICATION</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public CardPatch Classification(Classification value)
        {
            return Replace("/CLASSIFICATION", JsonOf.Word(value));
        }

        /// <summary>Replaces <c>/PINCODE</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public CardPatch PinCode(DaxSecret value)
        {
            return Replace("/PINCODE", JsonOf.Secret(value));
        }

        /// <summary>Replaces <c>/STARTTIME</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public CardPatch StartTime(DaxLocalTime value)
        {
            return Replace("/STARTTIME", JsonOf.LocalTime(value));
        }

        /// <summary>Replaces <c>/STOPTIME</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public CardPatch StopTime(DaxLocalTime value)
        {
            return Replace("/STOPTIME", JsonOf.LocalTime(value));
        }

        /// <summary>Replaces <c>/DISABLED</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public CardPatch Disabled(bool value)
        {
            return Replace("/DISABLED", JsonOf.Bool(value));
        }

        /// <summary>Replaces <c>/ARCHIVED</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public CardPatch Archived(bool value)
        {
            return Replace("/ARCHIVED", JsonOf.Bool(value));
        }
    }

    /// <summary>What <c>update_card_owner</c> can change.</summary>
    public sealed class CardOwnerPatch : DaxPatch<CardOwnerPatch>
    {
        private static readonly string[] All =
            {
                "/FAMILYNAME",
                "/SPECIFICNAME",
                "/PINCODE",
                "/ORGANIZATIONID",
                "/FOLDERID",
                "/COMMENT",
                "/STARTTIME",
                "/STOPTIME",
                "/DISABLED",
                "/ARCHIVED",
            };

        /// <inheritdoc/>
        public override IReadOnlyList<string> Paths
        {
            get { return All; }
        }

        /// <summary>Replaces <c>/FAMILYNAME</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public CardOwnerPatch FamilyName(string value)
        {
            return Replace("/FAMILYNAME", JsonOf.Text(value));
        }

        /// <summary>Replaces <c>/SPECIFICNAME</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public CardOwnerPatch SpecificName(string value)
        {
            return Replace("/SPECIFICNAME", JsonOf.Text(value));
        }

        /// <summary>Replaces <c>/PINCODE</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public CardOwnerPatch PinCode(DaxSecret value)
        {
            return Replace("/PINCODE", JsonOf.Secret(value));
        }

        /// <summary>Replaces <c>/ORGANIZATIONID</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public CardOwnerPatch OrganizationId(Guid value)
        {
            return Replace("/ORGANIZATIONID", JsonOf.Guid(value));
        }

        /// <summary>Replaces <c>/FOLDERID</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public CardOwnerPatch FolderId(int value)
        {
            return Replace("/FOLDERID", JsonOf.Int32(value));
        }

        /// <summary>Replaces <c>/COMMENT</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public CardOwnerPatch Comment(string value)
        {
            return Replace("/COMMENT", JsonOf.Text(value));
        }

        /// <summary>Replaces <c>/STARTTIME</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public CardOwnerPatch StartTime(DaxLocalTime value)
        {
            return Replace("/STARTTIME", JsonOf.LocalTime(value));
        }

        /// <summary>Replaces <c>/STOPTIME</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public CardOwnerPatch StopTime(DaxLocalTime value)
        {
            return Replace("/STOPTIME", JsonOf.LocalTime(value));
        }

        /// <summary>Replaces <c>/DISABLED</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public CardOwnerPatch Disabled(bool value)
        {
            return Replace("/DISABLED", JsonOf.Bool(value));
        }

        /// <summary>Replaces <c>/ARCHIVED</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public CardOwnerPatch Archived(bool value)
        {
            return Replace("/ARCHIVED", JsonOf.Bool(value));
        }
    }

    /// <summary>What <c>update_folder</c> can change.</summary>
    public sealed class FolderPatch : DaxPatch<FolderPatch>
    {
        private static readonly string[] All =
            {
                "/NAME",
                "/PARENTFOLDERID",
                "/DESCRIPTION",
            };

        /// <inheritdoc/>
        public override IReadOnlyList<string> Paths
        {
            get { return All; }
        }

        /// <summary>Replaces <c>/NAME</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public FolderPatch Name(string value)
        {
            return Replace("/NAME", JsonOf.Text(value));
        }

        /// <summary>Replaces <c>/PARENTFOLDERID</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public FolderPatch ParentFolderId(int value)
        {
            return Replace("/PARENTFOLDERID", JsonOf.Int32(value));
        }

        /// <summary>Replaces <c>/DESCRIPTION</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public FolderPatch Description(string value)
        {
            return Replace("/DESCRIPTION", JsonOf.Text(value));
        }
    }

    /// <summary>What <c>update_organization</c> can change.</summary>
    public sealed class OrganizationPatch : DaxPatch<OrganizationPatch>
    {
        private static readonly string[] All =
            {
                "/NAME",
                "/FOLDERID",
                "/COMMENT",
            };

        /// <inheritdoc/>
        public override IReadOnlyList<string> Paths
        {
            get { return All; }
        }

        /// <summary>Replaces <c>/NAME</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public OrganizationPatch Name(string value)
        {
            return Replace("/NAME", JsonOf.Text(value));
        }

        /// <summary>Replaces <c>/FOLDERID</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public OrganizationPatch FolderId(int value)
        {
            return Replace("/FOLDERID", JsonOf.Int32(value));
        }

        /// <summary>Replaces <c>/COMMENT</c>.</summary>
        /// <param name="value">The new value.</param>
        /// <returns>This patch.</returns>
        public OrganizationPatch Comment(string value)
        {
            return Replace("/COMMENT", JsonOf.Text(value));
        }
    }
}
