namespace Daxsign
{
    /// <summary>What an operation gives that gives nothing: there is no object of it.</summary>
    public sealed class DaxNothing
    {
        private DaxNothing()
        {
        }
    }
}
