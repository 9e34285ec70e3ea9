using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Daxsign;
using Daxsign.Api;
using Daxsign.Testing;

/// <summary>Every operation against a sandbox of its own: by its type so that it succeeds, then as each line of a file asks for
/// it, so that it is refused.</summary>
internal static class Operations
{
    private static readonly HashSet<string> Succeeded = new HashSet<string>();
    // At noon the clocks are never changed.
    private static readonly DateTime Today =
        DateTime.SpecifyKind(DateTime.UtcNow.Date.AddHours(12), DateTimeKind.Unspecified);
    private static DaxClient client;
    private static DaxInstance target;

    private static void Main(string[] arguments)
    {
        Run(arguments[0], arguments[1]).GetAwaiter().GetResult();
    }

    private static async Task Run(string program, string refused)
    {
        using (DaxSandbox sandbox = DaxSandbox.Start(program))
        using (DaxPrivateKey key = sandbox.Key())
        using (client = new DaxClient(sandbox.Options(), DaxSigner.Observed(key)))
        {
            target = sandbox.Target;
            await FoldersAndOrganizations();
            Guid owner = await Owners();
            await Cards(owner);
            await GrantsAndDoors(owner);
            await Call(new DeleteCardOwner(target, owner));
            await Published(sandbox);
            await Deliveries();
            await Callbacks();
            Console.WriteLine("happy " + Succeeded.Count);
            int count = 0;
            foreach (string line in File.ReadAllLines(refused, Encoding.UTF8))
            {
                await Refused(line.Split('\t'));
                count++;
            }
            Console.WriteLine("refused " + count);
        }
    }

    private static Task<T> Call<T>(DaxOperation<T> operation)
    {
        return CallBy(client, operation);
    }

    private static async Task<T> CallBy<T>(DaxClient caller, DaxOperation<T> operation)
    {
        DaxResponse<T> answer = await caller.CallAsync(operation);
        string name = operation.GetType().Name;
        Is(answer.Verified && answer.Status / 100 == 2, name);
        Succeeded.Add(name);
        return answer.Data;
    }

    private static void Is(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what + " is not as expected");
        }
    }

    private static void Same<T>(T expected, T found, string what)
    {
        Is(Equals(expected, found), what + ": " + found);
    }

    /// <summary>Method, path, query, body, and with which status and error.</summary>
    private static async Task Refused(string[] told)
    {
        var operation = new DaxRawOperation(told[0], told[1]) { Body = DaxJson.Parse(told[3]) };
        if (told[2] != "")
        {
            string[] pair = told[2].Split('=');
            operation.With(pair[0], pair[1]);
        }
        string what = told[0] + " " + told[1];
        try
        {
            await client.CallAsync(operation);
        }
        catch (DaxApiException error)
        {
            Same(int.Parse(told[4]), error.Status, what);
            Is(error.Messages.Any(message => message.Contains("error[" + told[5] + "]: ")), error.Message);
            return;
        }
        Is(false, what);
    }

    private static async Task FoldersAndOrganizations()
    {
        Same(2, (await Call(new ListContracts())).Count, "contracts");
        Same(3, (await Call(new ListFolders(target))).Count, "folders");
        int folder = (int)(await Call(new CreateFolder(target, "Attic", 1))).FolderId;
        GetFolderAnswer tree = await Call(new GetFolder(target, 1) { IncludeChildFolders = true });
        Is(tree.ChildFolders.Any(child => child.FolderId == folder), "the tree");
        Folder patched = await Call(new UpdateFolder(target, folder, new FolderPatch().Description("Under the roof")));
        Same("Under the roof", patched.Description, "a folder");
        await Call(new DeleteFolder(target, folder));

        Same(2, (await Call(new ListOrganizations(target))).Count, "organizations");
        var create = new CreateOrganization(target, "Third") { Comment = "New", ParentFolderId = 1 };
        Guid organization = (await Call(create)).Id;
        Same("New", (await Call(new GetOrganization(target, organization))).Comment, "an organization");
        var patch = new OrganizationPatch().Name("Fourth");
        Same("Fourth", (await Call(new UpdateOrganization(target, organization, patch))).Name, "an organization");
        await Call(new DeleteOrganization(target, organization));
    }

    private static async Task<Guid> Owners()
    {
        var list = new ListCardOwners(target) { Expand = new[] { ExpandOwner.Cards, ExpandOwner.Postbox } };
        IReadOnlyList<CardOwner> all = await Call(list);
        Same(12, all.Count, "card owners");
        Same(1, all[11].PostBoxNames.Count, "post boxes");
        var email = new Dictionary<string, string> { { "email", "asa@example.com" } };
        var card = new CreateCardItem { Name = "Fob", Codes = new[] { Code() } };
        var create = new CreateCardOwner(target, email, "Öberg", 2, "Åsa")
        {
            CardOwnerType = CardOwnerType.Person,
            Cards = new[] { card },
            PinCode = new DaxSecret("1234"),
            StartTime = new DaxLocalTime(Today.AddDays(-1)),
        };
        Guid owner = (await Call(create)).CardOwnerId;
        CardOwner found = await Call(new GetCardOwner(target, owner) { Expand = new[] { ExpandOwner.Cards } });
        Same("Öberg Fob", found.FamilyName + " " + found.Cards[0].Name, "a card owner");
        var patch = new CardOwnerPatch().Comment("Knocks twice").PinCode(new DaxSecret("4321"));
        Same("Knocks twice", (await Call(new UpdateCardOwner(target, owner, patch))).Comment, "a card owner");
        // A PNG begins so.
        byte[] image = { 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a };
        await Call(new UploadCardOwnerImage(target, owner) { Image = image });
        return owner;
    }

    private static CardNumber Code()
    {
        return new CardNumber { Format = "MifareUID[XR]", Number = "04A1B2C3" };
    }

    private static async Task Cards(Guid owner)
    {
        IReadOnlyList<Card> all = await Call(new ListCards(target) { Expand = new[] { ExpandCard.Codes } });
        Same(1, all.Count(card => card.Codes.Any(code => code.Number == Code().Number)), "cards");
        var create = new CreateCard(target, new CardNumber[0], "Second", owner) { Classification = Classification.Restricted };
        Guid id = (await Call(create)).CardId;
        Card found = await Call(new GetCard(target, id) { Expand = new[] { ExpandCard.Codes } });
        Same(Classification.Restricted, found.Classification, "a card");
        Same(true, (await Call(new UpdateCard(target, id, new CardPatch().Disabled(true)))).Disabled, "a card");
        await Call(new DeleteCard(target, id));
        Same(6, (await Call(new GeneratePinCode(target))).Reveal().Length, "a PIN");
    }

    private static async Task GrantsAndDoors(Guid owner)
    {
        IReadOnlyList<AccessGroupSimple> groups = await Call(new ListRemoteAccessGroups(target));
        Guid[] ids = groups.Select(group => group.AccessGroupId).ToArray();
        Same("Entrance", (await Call(new GetRemoteAccessGroup(target, ids[0]))).Name, "an access group");
        var until = new DaxLocalTime(new DateTime(2099, 1, 1));
        Guid grant = (await Call(new GrantAccess(target, ids[0], owner) { StopTime = until })).GrantId;
        var list = new ListAccessGrants(target) { CardOwnerFilter = new[] { owner } };
        Same(grant, (await Call(list)).Single().GrantId, "grants");
        Same(false, (await Call(new GetAccessGrant(target, grant))).Revoked, "a grant");
        var patch = new GrantPatch().StopTime(new DaxLocalTime(new DateTime(2098, 1, 1)));
        Same(2098, (await Call(new UpdateAccessGrant(target, grant, patch))).StopTime.Time.Value.Year, "a grant");
        IReadOnlyList<Door> doors = await Call(new ListCardOwnerDoors(target, owner));
        Same(2, doors.Count, "doors");
        var pin = new DaxSecret("4321");
        await Call(new OpenCardOwnerDoor(target, owner, doors[0].DoorId) { PinCode = pin, Timeout = 5000 });
        var many = await Call(new GrantAccessGroupsToCardOwner(target, new[] { ids[1], ids[2] }, owner));
        Same(2, many.Count, "grants");
        Guid other = (await Call(new ListCardOwners(target)))[0].CardOwnerId;
        Same(1, (await Call(new GrantAccessGroupToCardOwners(target, ids[2], new[] { other }))).Count, "grants");
        await Call(new RevokeAccessGrant(target, grant));
        await Call(new RevokeAccessGrants(target) { GrantIds = many.Select(each => each.GrantId).ToArray() });
        var from = new DaxLocalTime(Today.AddDays(-1));
        Is((await Call(new ListLogEntries(target, from, new DaxLocalTime(Today.AddDays(1))))).Count >= 5, "the log");
    }

    /// <summary>The office shows its groups, and the client obtains access by one.</summary>
    private static async Task Published(DaxSandbox sandbox)
    {
        Guid group = (await Call(new ListRemoteAccessGroups(target)))[0].AccessGroupId;
        string folder = Path.Combine(sandbox.Folder, "parties", "small-office");
        var password = new DaxSecret(File.ReadAllText(Path.Combine(folder, "password")).Trim());
        DaxClientOptions own = sandbox.Options();
        var options = new DaxClientOptions(new Uri(sandbox["DAX_BASE"]), target.Instance, "small-office", password)
        {
            Handler = own.Handler,
            Answers = own.Answers,
        };
        var shown = new AccessGroupDto
        {
            AccessGroupId = group, AccessGroupName = "The entrance", Latitude = 59.5, Longitude = 18.5,
        };
        Guid courier = (await Call(new ListContracts())).First(contract => contract.Promisor.PartnerId == target.Partner)
            .Promisee.PartnerId;
        using (DaxPrivateKey key = DaxPrivateKey.LoadFile(Path.Combine(folder, "key.pem")))
        using (var office = new DaxClient(options, DaxSigner.Observed(key)))
        {
            Is(await CallBy(office, new PublishAccessGroups(new[] { shown }, courier)), "what is published");
        }
        // With the three of the other Alliera.
        Same(4, (await Call(new ListPublishedAccessGroups())).Count, "published access groups");
        AccessGroup found = await Call(new GetPublishedAccessGroup(group));
        Same(59.5, found.Latitude, "a published access group");
        var wanted = new ObtainAccessGroup
        {
            ReceivingPartnerId = target.Partner,
            ReceivingAccessControlInstanceId = target.Instance,
            RemoteAccessGroupId = found.RemoteAccessGroupId,
        };
        var guest = new CommonCardOwner { FamilyName = "Guest", SpecificName = "A" };
        Is(await Call(new ObtainAccess(new[] { wanted }, new[] { guest }, 60, "T-1")), "what is obtained");
    }

    private static async Task Deliveries()
    {
        Guid id = (await Call(new ListPackageBoxes()))[0].PackageBoxId;
        Same(4, (await Call(new GetPackageBox(id))).BoxSizes.Count, "a package box");
        var begins = new DateTimeOffset(Today.AddDays(1), TimeSpan.Zero);
        ReservePackageBoxAnswer reserved = await Call(new ReservePackageBox(id)
        {
            ReserveFromDateTimeUtc = new DaxUtcTime(begins),
            ReservationExpiryUtc = new DaxUtcTime(begins.AddDays(1)),
            Sizes = new[] { 2 },
            ParcelId = "P-1",
            Recipient = new DeliveryRecipient { EmailAddress = "owner1@example.com" },
        });
        Same(2, reserved.Box.Characteristics.BoxSize, "a compartment");
        var capabilities = new GetRecipientCapabilities { MobilePhone = "+46700000000" };
        Same("Stockholm", (await Call(capabilities)).City, "a recipient");
        var recipients = new ListRenzRecipients(target) { SystemIds = new[] { "1" } };
        Same(2, (await Call(recipients)).Count, "recipients");
    }

    private static async Task Callbacks()
    {
        var callback = new CallbackBase
        {
            CallbackUrl = "https://localhost:9/parcels",
            Domain = "Delivery",
            EventType = EventType.Created,
            BearerToken = new DaxSecret("a-token"),
            Headers = new Dictionary<string, DaxSecret> { { "X-Shop", new DaxSecret("7") } },
        };
        Callback made = (await Call(new RegisterCallbacks { Callbacks = new[] { callback } }))[0];
        Same(made.CallbackId, (await Call(new ListCallbacks())).Single().CallbackId, "callbacks");
        made.EventType = EventType.Pickup;
        made = (await Call(new UpdateCallbacks { Callbacks = new[] { made } }))[0];
        Same(EventType.Pickup, made.EventType, "a callback");
        await Call(new DeleteCallback(made.CallbackId));
        Same(0, (await Call(new ListCallbacks())).Count, "callbacks");
    }
}
