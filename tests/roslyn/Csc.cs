using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;

/// <summary>Compiles C# as <c>csc</c> would, with the two assemblies of the compiler alone:
/// <c>Csc FOLDER-OF-ROSLYN OPTION…</c>. Prints what the compiler says; fails if that is an error.</summary>
/// <remarks>By reflection, so that Mono's compiler can compile it without reading those assemblies.</remarks>
internal static class Csc
{
    private const BindingFlags Instance = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static Assembly common;
    private static Assembly csharp;

    private static int Main(string[] arguments)
    {
        string roslyn = arguments[0];
        AppDomain.CurrentDomain.AssemblyResolve += (sender, wanted) =>
        {
            string file = Path.Combine(roslyn, new AssemblyName(wanted.Name).Name + ".dll");
            return File.Exists(file) ? Assembly.LoadFrom(file) : null;
        };
        common = Assembly.LoadFrom(Path.Combine(roslyn, "Microsoft.CodeAnalysis.dll"));
        csharp = Assembly.LoadFrom(Path.Combine(roslyn, "Microsoft.CodeAnalysis.CSharp.dll"));
        object parsed = Parsed(arguments.Skip(1).ToArray());
        bool failed = Print((IEnumerable)Get(parsed, "Errors"));
        return failed || !Emit(parsed, Compilation(parsed)) ? 1 : 0;
    }

    private static object Parsed(string[] options)
    {
        Type type = csharp.GetType("Microsoft.CodeAnalysis.CSharp.CSharpCommandLineParser");
        object parser = type.GetProperty("Default").GetValue(null, null);
        MethodInfo parse = type.GetMethods().First(
            method => method.Name == "Parse" && method.GetParameters().Length == 4 && method.DeclaringType == type);
        return parse.Invoke(parser, new object[] { options, Directory.GetCurrentDirectory(), null, null });
    }

    private static object Compilation(object parsed)
    {
        Type tree = csharp.GetType("Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree");
        IList trees = ListOf("Microsoft.CodeAnalysis.SyntaxTree");
        foreach (object file in (IEnumerable)Get(parsed, "SourceFiles"))
        {
            var path = (string)Get(file, "Path");
            string text = File.ReadAllText(path);
            trees.Add(Call(tree, "ParseText", text, Get(parsed, "ParseOptions"), path, Encoding.UTF8));
        }
        Type reference = common.GetType("Microsoft.CodeAnalysis.MetadataReference");
        IList references = ListOf("Microsoft.CodeAnalysis.MetadataReference");
        foreach (object file in (IEnumerable)Get(parsed, "MetadataReferences"))
        {
            references.Add(Call(reference, "CreateFromFile", (string)Get(file, "Reference")));
        }
        string name = Path.GetFileNameWithoutExtension((string)Get(parsed, "OutputFileName"));
        Type compilation = csharp.GetType("Microsoft.CodeAnalysis.CSharp.CSharpCompilation");
        return Call(compilation, "Create", name, trees, references, Get(parsed, "CompilationOptions"));
    }

    private static bool Emit(object parsed, object compilation)
    {
        string file = Path.Combine((string)Get(parsed, "OutputDirectory"), (string)Get(parsed, "OutputFileName"));
        var documentation = (string)Get(parsed, "DocumentationPath");
        MethodInfo emit = compilation.GetType().BaseType.GetMethods()
            .Where(method => method.Name == "Emit")
            .OrderByDescending(method => method.GetParameters().Length)
            .First();
        using (FileStream assembly = File.Create(file))
        using (Stream xml = documentation == null ? null : File.Create(documentation))
        {
            object[] given = emit.GetParameters()
                .Select(parameter => parameter.Name == "peStream" ? assembly
                    : parameter.Name == "xmlDocumentationStream" ? xml
                    : Type.Missing)
                .ToArray();
            object result = emit.Invoke(compilation, BindingFlags.OptionalParamBinding, null, given, null);
            Print((IEnumerable)Get(result, "Diagnostics"));
            return (bool)Get(result, "Success");
        }
    }

    /// <summary>Whether one of them is an error. What is neither an error nor a warning is left out.</summary>
    private static bool Print(IEnumerable diagnostics)
    {
        bool failed = false;
        foreach (object diagnostic in diagnostics)
        {
            string severity = Get(diagnostic, "Severity").ToString();
            if (severity == "Error" || severity == "Warning")
            {
                Console.WriteLine(diagnostic);
            }
            failed |= severity == "Error";
        }
        return failed;
    }

    private static IList ListOf(string type)
    {
        return (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(common.GetType(type)));
    }

    /// <summary>Calls a static method, with its first arguments.</summary>
    private static object Call(Type type, string name, params object[] given)
    {
        foreach (MethodInfo method in type.GetMethods(BindingFlags.Public | BindingFlags.Static))
        {
            ParameterInfo[] parameters = method.GetParameters();
            if (method.Name == name && Fits(parameters, given))
            {
                object[] all = parameters.Select((_, i) => i < given.Length ? given[i] : Type.Missing).ToArray();
                return method.Invoke(null, BindingFlags.OptionalParamBinding, null, all, null);
            }
        }
        throw new Exception("no method " + type + "." + name);
    }

    private static bool Fits(ParameterInfo[] parameters, object[] given)
    {
        return parameters.Length >= given.Length
            && parameters.Select((parameter, i) => i < given.Length
                ? given[i] == null || parameter.ParameterType.IsInstanceOfType(given[i])
                : parameter.IsOptional).All(fits => fits);
    }

    private static object Get(object from, string name)
    {
        for (Type type = from.GetType(); type != null; type = type.BaseType)
        {
            PropertyInfo property = type.GetProperty(name, Instance);
            if (property != null)
            {
                return property.GetValue(from, null);
            }
        }
        throw new Exception("no property " + from.GetType() + "." + name);
    }
}
