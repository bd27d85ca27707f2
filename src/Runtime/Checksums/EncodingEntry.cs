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
        Companions = encoding.Companions.IsEmpty ? null : [.. encoding.Values.Companions.Zip(encoding.Companions, CompanionEntry.Of)],
    };

    /// <exception cref="FormatException">A type is none.</exception>
    public SlotEncoding ToEncoding() => new(
        new ValueEncoding(Name, "", Codes.ToLayout(), Value) { Flat = Flat ?? false, Companions = [.. (Companions ?? []).Select(companion => companion.ToEncoding())] },
        [.. (Companions ?? []).Select(companion => companion.Tensor)]);
}
