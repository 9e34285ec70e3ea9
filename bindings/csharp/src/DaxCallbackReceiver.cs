using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Daxsign
{
    /// <summary>The side of who registered callbacks: verifies what comes over HTTPS, and recognises what came before. Any
    /// number of threads may use one.</summary>
    /// <remarks>In memory: who must not act twice over a restart keeps the correlation ids beside what they change. The
    /// keys stay yours.</remarks>
    public sealed class DaxCallbackReceiver
    {
        /// <summary>The method that stands for a callback in what is signed; no request has it.</summary>
        private const string Method = "CALLBACK";

        /// <summary>What the exchange signs, exactly and in this order.</summary>
        private static readonly string[] List =
        {
            "(request-target)", "x-correlation-id", "x-dax-sender", "x-dax-receiver", "x-dax-contract", "x-dax-deadline",
            "content-type", "content-length", "date",
        };

        private readonly List<DaxVerifier> _verifiers = new List<DaxVerifier>();
        private readonly string _receiver;
        private readonly int _capacity;
        private readonly Func<DateTimeOffset> _clock;
        private readonly object _lock = new object();
        private readonly Dictionary<string, Known> _known = new Dictionary<string, Known>();
        private readonly HashSet<string> _names = new HashSet<string>();

        /// <summary>The same as <see cref="_known"/>, what is forgotten first first: taking one costs no more, however many are
        /// remembered.</summary>
        private readonly SortedSet<Known> _byDeadline = new SortedSet<Known>();

        /// <summary>What is remembered of one callback.</summary>
        private sealed class Known : IComparable<Known>
        {
            internal readonly List<string> Names = new List<string>();
            internal readonly string Id;
            internal readonly DateTimeOffset Until;
            internal bool Taken;

            internal Known(DaxCallback callback)
            {
                Id = callback.CorrelationId;
                Until = callback.Deadline;
            }

            public int CompareTo(Known other)
            {
                int order = Until.CompareTo(other.Until);
                return order != 0 ? order : string.CompareOrdinal(Id, other.Id);
            }
        }

        /// <summary>Receives for one instance.</summary>
        /// <param name="exchange">The exchange's keys: one, or two while one follows another.</param>
        /// <param name="receiver">Who registered the callbacks: <c>&lt;partner&gt;/&lt;instance&gt;</c>, lowercase.</param>
        /// <param name="capacity">How many callbacks are remembered until their deadlines; none is forgotten to make room.</param>
        /// <param name="clock">Null for the system's.</param>
        public DaxCallbackReceiver(
            IEnumerable<DaxPublicKey> exchange, string receiver, int capacity = 10000,
            [AllowNull] Func<DateTimeOffset> clock = null)
        {
            if (exchange == null)
            {
                throw new ArgumentNullException(nameof(exchange));
            }
            _receiver = receiver ?? throw new ArgumentNullException(nameof(receiver));
            _capacity = capacity;
            _clock = clock ?? (() => DateTimeOffset.UtcNow);
            var options = new DaxVerifierOptions { TargetForm = DaxTargetForm.Full, Clock = _clock };
            foreach (DaxPublicKey key in exchange)
            {
                _verifiers.Add(new DaxVerifier(key, DaxProfile.Documented, options));
            }
            if (_verifiers.Count == 0)
            {
                throw new ArgumentException("The exchange has a key.", nameof(exchange));
            }
        }

        /// <summary>Takes a request. Act on what is returned unless <see cref="DaxCallback.IsAgain"/>, and answer 2xx; where
        /// it cannot be acted on, <see cref="GiveBack"/> it and answer 503.</summary>
        /// <param name="method">The method of the request line.</param>
        /// <param name="target">Path and query as they stand on the request line.</param>
        /// <param name="headers">All fields; a name that came several times, several times.</param>
        /// <param name="body">The body's bytes.</param>
        /// <returns>What the exchange signed.</returns>
        /// <exception cref="DaxCallbackException">It is no callback to act on.</exception>
        public DaxCallback Take(
            string method, string target, IEnumerable<KeyValuePair<string, string>> headers, byte[] body)
        {
            if (method == null || target == null || headers == null || body == null)
            {
                throw new ArgumentNullException(
                    method == null ? nameof(method) : target == null ? nameof(target)
                    : headers == null ? nameof(headers) : nameof(body));
            }
            if (method != "POST")
            {
                throw new DaxCallbackException(405, "callbacks come with POST");
            }
            var fields = new List<KeyValuePair<string, string>>(headers);
            var signed = new DaxRequest(Method, target);
            for (int i = 1; i < List.Length; i++)
            {
                signed.With(List[i], Single(fields, List[i]));
            }
            signed.With("Signature", Single(fields, "Signature"));
            signed.Body = body;
            DaxVerified verified = Verify(signed);
            if (!Same(verified.Components))
            {
                throw Refused("the signature covers another list");
            }
            if (Single(fields, "x-dax-receiver") != _receiver)
            {
                throw Refused("the callback is for another receiver");
            }
            DateTimeOffset deadline;
            try
            {
                deadline = DaxDate.Parse(Single(fields, "x-dax-deadline"));
            }
            catch (DaxSignException refused)
            {
                throw new DaxCallbackException(401, "x-dax-deadline is no time", refused);
            }
            if (_clock() >= deadline)
            {
                throw Refused("the callback came after its deadline");
            }
            var callback = new DaxCallback(
                Single(fields, "x-correlation-id"), Single(fields, "x-dax-sender"), Single(fields, "x-dax-contract"),
                deadline, signed.Body);
            callback.IsAgain = CameBefore(callback, Convert.ToBase64String(verified.SigningStringHash));
            return callback;
        }

        /// <summary>It could not be acted on: the exchange's next attempt is the first again.</summary>
        /// <param name="callback">What was taken.</param>
        public void GiveBack(DaxCallback callback)
        {
            if (callback == null)
            {
                throw new ArgumentNullException(nameof(callback));
            }
            lock (_lock)
            {
                Known known;
                if (_known.TryGetValue(callback.CorrelationId, out known))
                {
                    known.Taken = false;
                }
            }
        }

        private DaxVerified Verify(DaxRequest signed)
        {
            DaxSignException last = null;
            foreach (DaxVerifier verifier in _verifiers)
            {
                try
                {
                    return verifier.Verify(signed);
                }
                catch (DaxSignException refused)
                {
                    last = refused;
                }
            }
            throw new DaxCallbackException(401, "the callback's signature: " + last.Message, last);
        }

        private bool CameBefore(DaxCallback callback, string name)
        {
            lock (_lock)
            {
                Forget(_clock());
                if (_names.Contains(name))
                {
                    throw new DaxCallbackException(409, "the same callback came before");
                }
                Known known;
                if (!_known.TryGetValue(callback.CorrelationId, out known))
                {
                    if (_known.Count >= _capacity)
                    {
                        throw new DaxCallbackException(503, "no more callbacks can be remembered: try again later");
                    }
                    known = new Known(callback);
                    _known.Add(known.Id, known);
                    _byDeadline.Add(known);
                }
                _names.Add(name);
                known.Names.Add(name);
                bool before = known.Taken;
                known.Taken = true;
                return before;
            }
        }

        private void Forget(DateTimeOffset now)
        {
            while (_byDeadline.Count > 0 && _byDeadline.Min.Until <= now)
            {
                Known over = _byDeadline.Min;
                _byDeadline.Remove(over);
                _known.Remove(over.Id);
                over.Names.ForEach(name => _names.Remove(name));
            }
        }

        private static string Single(List<KeyValuePair<string, string>> fields, string name)
        {
            string found = null;
            foreach (KeyValuePair<string, string> field in fields)
            {
                if (string.Equals(field.Key, name, StringComparison.OrdinalIgnoreCase))
                {
                    if (found != null)
                    {
                        throw Refused(name + " stands there twice");
                    }
                    found = field.Value;
                }
            }
            return found ?? throw Refused(name + " is missing");
        }

        private static bool Same(IReadOnlyList<string> components)
        {
            if (components.Count != List.Length)
            {
                return false;
            }
            for (int i = 0; i < List.Length; i++)
            {
                if (!string.Equals(components[i], List[i], StringComparison.OrdinalIgnoreCase))
                {
                    return false;
                }
            }
            return true;
        }

        private static DaxCallbackException Refused(string why)
        {
            return new DaxCallbackException(401, why);
        }
    }
}
