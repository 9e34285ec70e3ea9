using System;

/// <summary>Runs one part of the tests and prints how many cases or checks it ran.</summary>
internal static class Program
{
    internal static int Checks;

    private static int Main(string[] arguments)
    {
        try
        {
            switch (arguments[0])
            {
                case "vectors": Vectors.Run(arguments[1], arguments[2]); break;
                case "statuses": Errors.PrintStatuses(); break;
                case "errors": Errors.Run(arguments[1]); break;
                case "version": Errors.OtherVersion(); break;
                case "missing": Errors.MissingLibrary(); break;
                case "signers": Signers.Run(arguments[1], arguments[2]); break;
                case "enrolling": Enrolling.Run(arguments[1], arguments[2]); break;
                case "thumbprints": Thumbprints.Run(arguments[1], arguments[2]); break;
                case "memory": Memory.Run(arguments[1]); break;
                case "emptied": Emptied.Run(arguments[1], arguments[2]); break;
                case "times": Times.Run(arguments[1], arguments[2]); break;
                case "threads": Memory.Threads(arguments[1]); break;
                case "verifying": Verifying.Run(arguments[1]); break;
                case "messages": Messages.Run(arguments[1]); break;
                case "client": Client.Run(arguments[1], arguments[2], arguments[3], arguments[4]).Wait(); break;
                case "details": Details.Run(arguments[1], arguments[2]).Wait(); break;
                case "rest": Rest.Run(arguments[1]).Wait(); return 0;
                case "operations": Rest.Operations(arguments[1]).Wait(); break;
                case "load": Rest.Load(arguments[1]).Wait(); break;
                default: throw new Exception("no part " + arguments[0]);
            }
            Console.WriteLine("checks " + Checks);
            return 0;
        }
        catch (Exception error)
        {
            Console.Error.WriteLine(error);
            return 1;
        }
    }

    internal static void Equal<T>(T expected, T found, string what)
    {
        Checks++;
        if (!object.Equals(expected, found))
        {
            throw new Exception(what + ": expected `" + expected + "`, found `" + found + "`");
        }
    }

    internal static void True(bool condition, string what)
    {
        Equal(true, condition, what);
    }

    internal static T Throws<T>(Action action, string what) where T : Exception
    {
        Checks++;
        try
        {
            action();
        }
        catch (T error)
        {
            return error;
        }
        throw new Exception(what + ": nothing was thrown");
    }
}
