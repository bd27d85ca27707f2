namespace Lanyard.Checksums;

/// <summary>How a slot is stored, in a file of checksums.</summary>
internal sealed record EncodingEntry
{
    public string? Scale { get; init; }

    public int? BlockSize { get; init; }

    public string? Packing { get; init; }

    public double? Offset { get; init; }
}
