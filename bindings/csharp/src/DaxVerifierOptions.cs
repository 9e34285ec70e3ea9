using System;
using System.Diagnostics.CodeAnalysis;

namespace Daxsign
{
    /// <summary>How a <see cref="DaxVerifier"/> judges.</summary>
    public sealed class DaxVerifierOptions
    {
        private Func<DateTimeOffset> _clock = () => DateTimeOffset.UtcNow;

        /// <summary>Which component lists are accepted.</summary>
        public DaxPolicy Policy { get; set; } = DaxPolicy.Strict;

        /// <summary>How far a request's date may lie from the clock on either side; whole seconds.</summary>
        public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(300);

        /// <summary>The clock.</summary>
        public Func<DateTimeOffset> Clock
        {
            get { return _clock; }
            set { _clock = value ?? throw new ArgumentNullException(nameof(value)); }
        }

        /// <summary>Accepts each request once; null, and only null, to accept a fresh request as often
        /// as it comes: with one that was disposed of, verifying throws.</summary>
        [AllowNull, MaybeNull]
        public DaxReplayGuard ReplayGuard { get; set; }

        /// <summary>How much of the target is signed.</summary>
        public DaxTargetForm TargetForm { get; set; } = DaxTargetForm.Path;

        /// <summary>Which <c>Content-Type</c> a request must have.</summary>
        public DaxContent Content { get; set; } = DaxContent.Any;

        internal NativeOptions ToNative()
        {
            double seconds = Window.TotalSeconds;
            if (seconds < 0 || seconds > uint.MaxValue)
            {
                throw new ArgumentOutOfRangeException(nameof(Window), Window, "A window has 0 to 4294967295 seconds.");
            }
            return new NativeOptions
            {
                TargetForm = (uint)TargetForm,
                Content = (uint)Content,
                Policy = (uint)Policy,
                Window = (uint)seconds,
            };
        }
    }
}
