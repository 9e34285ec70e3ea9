using System;

namespace Daxsign
{
    /// <summary>A callback that the exchange signed for this receiver.</summary>
    public sealed class DaxCallback
    {
        internal DaxCallback(string correlationId, string sender, string contract, DateTimeOffset deadline, byte[] body)
        {
            CorrelationId = correlationId;
            Sender = sender;
            Contract = contract;
            Deadline = deadline;
            Body = body;
        }

        /// <summary>The same in each attempt to deliver it.</summary>
        public string CorrelationId { get; }

        /// <summary>Who tells: <c>&lt;partner&gt;/&lt;instance&gt;</c>.</summary>
        public string Sender { get; }

        /// <summary>What allows that it is told.</summary>
        public string Contract { get; }

        /// <summary>When the exchange gives it up.</summary>
        public DateTimeOffset Deadline { get; }

        /// <summary>What is told; not copied.</summary>
        public byte[] Body { get; }

        /// <summary>Whether it was acted on before: answer 2xx and do nothing.</summary>
        public bool IsAgain { get; internal set; }
    }
}
