using System.Collections.Immutable;
using System.Globalization;
using Lanyard.Generator.Models;

namespace Lanyard.Generator.Emit;

/// <summary>Names of generated files: those of the classes, told apart where they differ in case alone.</summary>
internal static class FileNames
{
    public static EquatableArray<string> Colliding(ImmutableArray<string> names) => names
        .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
        .Where(group => group.Count() > 1)
        .Select(group => group.Key)
        .ToImmutableArray();

    public static string Of(string name, EquatableArray<string> colliding) =>
        colliding.Any(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase))
            ? Of(name)
            : name + ".g.cs";

    /// <summary>The name of a file that is told apart from every other.</summary>
    public static string Of(string name) => string.Format(CultureInfo.InvariantCulture, "{0}.{1:x8}.g.cs", name, Hash(name));

    // FNV-1a: string.GetHashCode is another one in each process.
    private static uint Hash(string name)
    {
        var hash = 2166136261u;
        foreach (var letter in name) hash = unchecked((hash ^ letter) * 16777619u);
        return hash;
    }
}
