using System.Text.Json.Serialization;

namespace Lanyard.Checksums;

/// <summary>A slot in a file of checksums.</summary>
internal sealed record ChecksumEntry
{
    public required string Tensor { get; init; }

    public string[]? Aliases { get; init; }

    public string? Parameter { get; init; }

    public required string Type { get; init; }

    public required long[] Shape { get; init; }

    public required long Offset { get; init; }

    public required long[] Sizes { get; init; }

    public required long[] Strides { get; init; }

    public string[]? Absent { get; init; }

    public EncodingEntry? Encoding { get; init; }

    public EncodingEntry[]? Others { get; init; }

    [JsonPropertyName("xxh3_128")]
    public string? Xxh3_128 { get; init; }

    public string? Reason { get; init; }
}
