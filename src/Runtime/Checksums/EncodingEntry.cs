using System.Collections.Immutable;

namespace Lanyard.Checksums;

/// <summary>How a slot is stored, in a file of checksums.</summary>
internal sealed record EncodingEntry
{
    public required string Name { get; init; }

    public required string Value { get; init; }

    public required CodesEntry Codes { get; init; }

    public bool? Flat { get; init; }

    public CompanionEntry[]? Companions { get; init; }

    public static EncodingEntry Of(SlotEncoding encoding) => new()
    {
        Name = encoding.Values.Name,
        Value = encoding.Values.Value,
        Codes = CodesEntry.Of(encoding.Values.Layout),
        Flat = encoding.Values.Flat ? true : null,
        Companions = encoding.Companions.IsEmpty ? null : [.. encoding.Companions.Select((tensor, i) => CompanionEntry.Of(encoding.Values.Companions[i], tensor, encoding.CompanionAliases.IsEmpty ? [] : encoding.CompanionAliases[i]))],
    };

    /// <exception cref="FormatException">A type is none.</exception>
    public SlotEncoding ToEncoding()
    {
        CompanionEntry[] companions = Companions ?? [];
        var values = new ValueEncoding(Name, "", Codes.ToLayout(), Value) { Flat = Flat ?? false, Companions = [.. companions.Select(companion => companion.ToEncoding())] };
        return new SlotEncoding(values, [.. companions.Select(companion => companion.Tensor)])
        {
            CompanionAliases = Array.Exists(companions, companion => companion.Aliases is not null) ? [.. companions.Select(companion => ImmutableArray.Create(companion.Aliases ?? []))] : [],
        };
    }
}
