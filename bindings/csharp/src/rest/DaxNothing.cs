namespace Daxsign
{
    /// <summary>What an operation returns that returns nothing: there is no object of it.</summary>
    public sealed class DaxNothing
    {
        private DaxNothing()
        {
        }
    }
}
