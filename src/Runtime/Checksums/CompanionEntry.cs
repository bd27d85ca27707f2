using System.Collections.Immutable;

namespace Lanyard.Checksums;

/// <summary>A tensor beside codes, in a file of checksums.</summary>
internal sealed record CompanionEntry
{
    public required string Name { get; init; }

    public required string Tensor { get; init; }

    public string[]? Aliases { get; init; }

    public required CodesEntry Codes { get; init; }

    public string[]? Covers { get; init; }

    public string? Through { get; init; }

    public string? Field { get; init; }

    public double? Absent { get; init; }

    public static CompanionEntry Of(CompanionEncoding companion, string tensor, ImmutableArray<string> aliases) => new()
    {
        Name = companion.Name,
        Tensor = tensor,
        Aliases = aliases.IsEmpty ? null : [.. aliases],
        Codes = CodesEntry.Of(companion.Layout),
        Covers = companion.Covers.IsEmpty ? null : [.. companion.Covers],
        Through = companion.Through,
        Field = companion.Field,
        Absent = companion.Absent,
    };

    /// <exception cref="FormatException">The type is none.</exception>
    public CompanionEncoding ToEncoding() => new(Name, "", Codes.ToLayout()) { Covers = [.. Covers ?? []], Through = Through, Field = Field, Absent = Absent };
}
