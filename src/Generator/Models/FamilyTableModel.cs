using System.Collections.Immutable;

namespace Lanyard.Generator.Models;

/// <summary>What is written of model families into an assembly.</summary>
/// <param name="Published">The root classes that other assemblies are told of.</param>
/// <param name="Known">The root classes that the program knows from its start; none where this is no program.</param>
public sealed record FamilyTableModel(EquatableArray<string> Published, EquatableArray<string> Known)
{
    /// <summary>Whether nothing is written.</summary>
    public bool IsEmpty => Published.Count == 0 && Known.Count == 0;

    /// <summary>What is written.</summary>
    /// <param name="own">The families that are declared here.</param>
    /// <param name="referenced">Those of each reference.</param>
    /// <param name="isProgram">Whether a program is compiled.</param>
    public static FamilyTableModel Of(IReadOnlyList<FamilyModel> own, IEnumerable<EquatableArray<string>> referenced, bool isProgram) => new(
        Sorted(own.Where(static family => family.IsPublic).Select(static family => family.Reference)),
        isProgram ? Sorted(own.Select(static family => family.Reference).Concat(referenced.SelectMany(static families => families))) : []);

    // So that nobody's order of files shows.
    private static EquatableArray<string> Sorted(IEnumerable<string> references) => references.Distinct().OrderBy(static name => name, StringComparer.Ordinal).ToImmutableArray();
}
