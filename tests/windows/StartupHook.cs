using System.IO;
using System.Runtime.InteropServices;

/// <summary>What .NET calls before a program's Main, with DOTNET_STARTUP_HOOKS: loads exceptions.dll, which stands
/// beside it.</summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        NativeLibrary.Load(Path.Combine(Path.GetDirectoryName(typeof(StartupHook).Assembly.Location), "exceptions.dll"));
    }
}
