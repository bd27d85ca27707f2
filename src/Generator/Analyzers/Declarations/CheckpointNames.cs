using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers.Declarations;

/// <summary>Checks the names that stand outside of sources: of children, prefixes, aliases and what is ignored.</summary>
internal static class CheckpointNames
{
    /// <summary>What is wrong, with the position of the argument.</summary>
    public static IEnumerable<(AttributeData Attribute, ISymbol Owner, int Argument, string Message)> Wrong(INamedTypeSymbol type)
    {
        var prefixed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var attribute in type.Attributes("CheckpointPrefixAttribute"))
        {
            if (Declared.Text(attribute, 0) is not { } prefix) continue;
            var convention = attribute.Named("Convention") as string ?? "";
            if (!prefix.EndsWith(".", StringComparison.Ordinal) || !IsName(prefix.Substring(0, prefix.Length - 1)))
                yield return (attribute, type, 0, $"\"{prefix}\" is put before names as it is; write it with its dot at the end: \"{(prefix.Trim('.') is { Length: > 0 } text ? text : "model")}.\"");
            else if (!prefixed.Add(convention))
                yield return (attribute, type, 0, $"\"{type.Name}\" has a prefix {In("", convention)} already; {(convention.Length == 0 ? "give one of the two a \"Convention\"" : "remove one of the two")}");
        }
        foreach (var member in type.GetMembers().OfType<IPropertySymbol>())
        {
            var stateds = new HashSet<(string, string)>();
            foreach (var stated in member.Attributes("CheckpointNameAttribute"))
            {
                if (Declared.Text(stated, 0) is not { } name) continue;
                var format = stated.Named("Format") as string ?? "";
                var convention = stated.Named("Convention") as string ?? "";
                if (!IsName(name) && (name.Length > 0 || (format.Length == 0 && convention.Length == 0)))
                    yield return (stated, member, 0, $"\"{name}\" is no name of a child; write it without a dot at either end, and without braces{(name.Length == 0 ? "; only in a convention or a format may a child have no level of its own" : "")}");
                else if (!stateds.Add((format, convention)))
                    yield return (stated, member, 0, $"\"{member.Name}\" has a name {In(format, convention)} already; {(convention.Length == 0 ? "give one of the two a \"Convention\", or remove it" : "remove one of the two")}");
            }
        }
        foreach (var (property, source) in Declared.Parameters(type).SelectMany(static parameter => Declared.Sources(parameter.Property).Select(source => (parameter.Property, source))))
        {
            if (source.Layout.Name is { Length: > 0 } name && !IsTensor(name))
                yield return (source.Attribute, property, 0, $"\"{name}\" is no name of a tensor; it begins at \"{type.Name}\" itself, as in \"weight\", for the property or the list that holds the class gives what stands before, with the number; write it without stars, and without blanks or dots at its ends");
        }
        foreach (var alias in type.Attributes("CheckpointAliasAttribute"))
        {
            if (Declared.Text(alias, 0) is { } other && other == Declared.Text(alias, 1))
                yield return (alias, type, 0, $"\"{other}\" is another name for itself; give the two names of the tied tensor");
        }
        var ignored = new HashSet<(string, string?, string?)>();
        foreach (var ignore in type.Attributes("IgnoreAttribute"))
        {
            if (Declared.Text(ignore, 0) is not { } pattern) continue;
            if (pattern.Length == 0) yield return (ignore, type, 0, "An empty pattern matches no tensor; write which to leave alone: \"vision_model.**\"");
            else if (!ignored.Add((pattern, ignore.Named("When") as string, ignore.Named("Numbers") as string))) yield return (ignore, type, 0, $"\"{pattern}\" is ignored already; remove one of the two");
        }
    }

    private static string In(string format, string convention) => (format.Length, convention.Length) switch
    {
        (0, 0) => "without \"Convention\" and \"Format\"",
        (0, _) => $"in the convention \"{convention}\"",
        (_, 0) => $"in the format \"{format}\"",
        _ => $"in the convention \"{convention}\" and the format \"{format}\"",
    };

    /// <summary>Whether a source may be called so: what stands in braces is for the notation.</summary>
    private static bool IsTensor(string name) =>
        name[0] != '.' && name[name.Length - 1] != '.' && !name.Contains("..") && name.Trim().Length == name.Length && name.IndexOfAny(['*', '%', '?', '\\']) < 0;

    private static bool IsName(string name) =>
        name.Length > 0 && name[0] != '.' && name[name.Length - 1] != '.' && !name.Contains("..") && name.IndexOfAny(['{', '}', '*', ' ']) < 0;
}
