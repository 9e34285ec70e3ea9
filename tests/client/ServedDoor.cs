using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;
using Daxsign;
using Daxsign.Api;
using Daxsign.Testing;

// Asks the door of an exchange that is served: what is allowed, what no clause allows, and with a key that is not the
// caller's. A line for each card owner, for the door that opened, and for each refusal.
internal static class ServedDoor
{
    private static string[] _given;

    private static void Main(string[] arguments)
    {
        _given = arguments;
        Run().GetAwaiter().GetResult();
    }

    private static async Task Run()
    {
        var target = new DaxInstance(new Guid(_given[7]), new Guid(_given[8]));
        using (DaxCertificate exchange = DaxCertificate.LoadFile(_given[6]))
        using (DaxPrivateKey key = DaxPrivateKey.LoadFile(_given[3]))
        using (DaxPrivateKey foreign = DaxPrivateKey.LoadFile(_given[4]))
        using (var client = new DaxClient(Options(exchange), new DaxSigner(key, DaxProfile.Documented)))
        using (var forger = new DaxClient(Options(exchange), new DaxSigner(foreign, DaxProfile.Documented)))
        {
            var owners = new List<CardOwner>(await client.AllAsync(new ListCardOwners(target)));
            foreach (CardOwner owner in owners)
            {
                Console.WriteLine("owner " + owner.CardOwnerId);
            }
            // The first has a PIN.
            Guid second = owners[1].CardOwnerId;
            Door door = (await client.CallAsync(new ListCardOwnerDoors(target, second))).Data[0];
            var open = new OpenCardOwnerDoor(target, second, door.DoorId);
            Console.WriteLine("opened " + (await client.CallAsync(open)).CorrelationId);
            await Refused(client, new DeleteCardOwner(target, second));
            await Refused(forger, new DeleteCardOwner(target, second));
        }
    }

    private static async Task Refused(DaxClient client, DeleteCardOwner operation)
    {
        try
        {
            await client.CallAsync(operation);
            Console.WriteLine("taken");
        }
        catch (DaxApiException refused)
        {
            string body = Encoding.UTF8.GetString(refused.Body).Replace("\n", " ");
            Console.WriteLine(refused.Kind + " " + refused.Status + " " + refused.CorrelationId + " " + body);
        }
    }

    // Every answer must be signed by the exchange, but for refusals of who did not sign.
    private static DaxClientOptions Options(DaxCertificate exchange)
    {
        var authority = new X509Certificate2(_given[5]);
        return new DaxClientOptions(new Uri(_given[0]), new Guid(_given[1]), "alpha", new DaxSecret(_given[2]))
        {
            Handler = new HttpClientHandler
            {
                ServerCertificateCustomValidationCallback =
                    (request, shown, chain, errors) => DaxSandbox.IsBy(authority, shown, errors),
            },
            Answers = DaxAnswers.RequireSigned(exchange.PublicKey),
        };
    }
}
