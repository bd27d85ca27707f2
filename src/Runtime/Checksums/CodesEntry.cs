namespace Lanyard.Checksums;

/// <summary>How codes lie in a stored tensor, in a file of checksums.</summary>
internal sealed record CodesEntry
{
    public required string Type { get; init; }

    public int? Bits { get; init; }

    public int? Word { get; init; }

    public int? Axis { get; init; }

    public int[]? Order { get; init; }

    public int? Block { get; init; }

    public static CodesEntry Of(CodeLayout layout) => new()
    {
        Type = $"{layout.Type}",
        Bits = layout.Bits == 0 ? null : layout.Bits,
        Word = layout.Bits == 0 ? null : layout.Word,
        Axis = layout.Bits == 0 ? null : layout.Axis,
        Order = layout.Order.IsEmpty ? null : [.. layout.Order],
        Block = layout.Block == 0 ? null : layout.Block,
    };

    /// <exception cref="FormatException">The type is none.</exception>
    public CodeLayout ToLayout() => new(Enum.TryParse<CodeType>(Type, out var type) && Enum.IsDefined(type) ? type : throw new FormatException($"\"{Type}\" is no type of codes"))
    {
        Bits = Bits ?? 0,
        Word = Word ?? 0,
        Axis = Axis ?? -1,
        Order = [.. Order ?? []],
        Block = Block ?? 0,
    };
}
